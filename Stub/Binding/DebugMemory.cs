using KgdbSim.Target.Cpu;
using KgdbSim.Target.Memory;

namespace KgdbSim.Stub.Binding;

/// <summary>Guest memory by virtual address as a debugger reads and writes it: page by page, without side effects.</summary>
internal static class DebugMemory
{
    /// <summary>Reads until the first page that is not mapped to RAM; returns how many bytes that were.</summary>
    public static int Read(CpuCore cpu, ulong address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length)
        {
            ulong at = unchecked(address + (ulong)done);
            if (at < address || !cpu.Mmu.Peek(at, out ulong physical))
            {
                break;
            }

            int length = Math.Min(destination.Length - done, RestOfPage(at));
            cpu.Memory.Read(physical, destination.Slice(done, length));
            done += length;
        }

        return done;
    }

    /// <summary>Writes all, or nothing if a page of it is not mapped to RAM. Decoded code over it is forgotten.</summary>
    public static bool TryWrite(CpuCore cpu, ulong address, ReadOnlySpan<byte> source)
    {
        for (int done = 0; done < source.Length; done += RestOfPage(unchecked(address + (ulong)done)))
        {
            ulong at = unchecked(address + (ulong)done);
            if (at < address || !cpu.Mmu.Peek(at, out _))
            {
                return false;
            }
        }

        while (!source.IsEmpty)
        {
            int length = Math.Min(source.Length, RestOfPage(address));
            cpu.Mmu.Peek(address, out ulong physical);
            cpu.Memory.Write(physical, source[..length]);
            address = unchecked(address + (ulong)length);
            source = source[length..];
        }

        return true;
    }

    private static int RestOfPage(ulong address) => PhysicalPage.Size - (int)(address & PhysicalPage.OffsetMask);
}
