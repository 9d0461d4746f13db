using KgdbSim.Target.Cpu;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Machine;

/// <summary>The linear address space as a debugger asks for it, region by region, through one processor's paging structures.</summary>
internal static class DebuggerRegions
{
    /// <summary>Entries that are looked at for one answer: 4 GiB of small pages. A longer region is told in parts.</summary>
    private const int EntriesMax = 1 << 20;

    /// <summary>The region that an address lies in, from its page on: it may have begun before, and may go on behind.</summary>
    public static LinearRegion Find(CpuCore cpu, ulong address)
    {
        ulong start = address & ~PhysicalPage.OffsetMask;
        LinearRights rights = cpu.Mmu.Examine(start, out ulong end, out ulong physical);
        for (int i = 0; i < EntriesMax && end != 0 && cpu.Mmu.Examine(end, out ulong next, out _) == rights; i++)
        {
            end = next;
        }

        // All of the address space is one byte more than a number can say.
        ulong length = end - start;
        return new LinearRegion(start, length == 0 ? ulong.MaxValue : length, rights, rights == LinearRights.None ? 0 : physical);
    }
}
