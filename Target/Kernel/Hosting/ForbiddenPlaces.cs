using KgdbSim.Target.Cpu;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Where a hosted kernel refuses breakpoints (within_cpu_entry and its siblings, arch/x86/kernel/hw_breakpoint.c@6.1).</summary>
/// <remarks>
/// Linux keeps breakpoints from its entry code and from what that reads before DR7 is off (CPU entry area, GDT, TSS, cpu_dr7...), since a
/// #DB in there would come again and again. A hosted kernel's entry code is at no address of the guest's: its processor takes #DB and #BP
/// with the guest's registers as they are, reads no interrupt table and pushes nothing, so no access of it can hit. The guest's own table,
/// its handlers, their stacks are places like any other: what the delivery of a trap that is passed on to the guest hits is told at its
/// handler's first instruction, and each delivery happens once. There remain the addresses that no instruction can have.
/// </remarks>
internal static class ForbiddenPlaces
{
    private const int Bits4Level = 48;
    private const int Bits5Level = 57;

    /// <summary>On a processor of this model, whichever paging the guest chooses.</summary>
    public static IReadOnlyList<AddressRange> Of(CpuModel model)
    {
        // Bits above the highest that is translated equal it (SDM vol. 1, 3.3.7.1).
        ulong half = 1UL << ((model.Has(CpuFeatures.La57) ? Bits5Level : Bits4Level) - 1);
        return [new AddressRange("addresses that are not canonical", half, 0UL - (2 * half))];
    }
}
