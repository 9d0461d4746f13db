using KgdbSim.Target.Cpu;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Machine;

/// <summary>
/// Memory as a debugger reads and writes it: through a processor's translation, but without faults, permissions, accessed
/// bits or device registers.
/// </summary>
internal static class DebuggerMemory
{
    /// <summary>Reads; returns the bytes that could be read before the first that isn't there.</summary>
    public static int Read(CpuCore cpu, ulong address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length)
        {
            ulong linear = address + (ulong)done;
            int count = Math.Min(destination.Length - done, PhysicalPage.Size - (int)(linear & PhysicalPage.OffsetMask));
            if (!cpu.Mmu.Peek(linear, out ulong physical))
            {
                break;
            }

            cpu.Memory.Read(physical, destination.Slice(done, count));
            done += count;
        }

        return done;
    }

    /// <summary>Writes all bytes and returns true; or, if any of them isn't there, writes none and returns false.</summary>
    public static bool Write(CpuCore cpu, ulong address, ReadOnlySpan<byte> source)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            int done = 0;
            while (done < source.Length)
            {
                ulong linear = address + (ulong)done;
                int count = Math.Min(source.Length - done, PhysicalPage.Size - (int)(linear & PhysicalPage.OffsetMask));
                if (!cpu.Mmu.Peek(linear, out ulong physical))
                {
                    return false;
                }

                if (pass == 1)
                {
                    cpu.Memory.Write(physical, source.Slice(done, count));
                }

                done += count;
            }
        }

        return true;
    }
}
