namespace KgdbSim.Target.Cpu.Execute;

/// <summary>How a look into a descriptor table ended.</summary>
internal enum DescriptorLookup
{
    Found,

    /// <summary>No such descriptor: beyond the limit, or in an LDT that isn't there.</summary>
    OutOfLimit,

    /// <summary>Reading the table faulted; the fault is in <see cref="CpuCore.Pending"/>.</summary>
    Fault,
}

/// <summary>Reading the global and the local descriptor table (SDM vol. 3, 3.5.1).</summary>
internal static unsafe class DescriptorTables
{
    /// <summary>Selector bits that name a descriptor in an error code.</summary>
    public static uint ErrorCode(ushort selector) => selector & 0xFFFCu;

    public static bool IsNull(ushort selector) => (selector & 0xFFFC) == 0;

    /// <summary>The descriptor that a selector that isn't null names, and where it is.</summary>
    public static DescriptorLookup Find(CpuCore cpu, ushort selector, out Descriptor descriptor, out ulong address) =>
        Find(cpu, selector, 8, out descriptor, out address);

    /// <summary>
    /// The same for a system descriptor, which in long mode is 16 bytes long, with the upper eight.
    /// </summary>
    public static DescriptorLookup FindSystem(
        CpuCore cpu, ushort selector, out Descriptor descriptor, out ulong upper, out ulong address)
    {
        upper = 0;
        bool wide = (cpu.State->Efer & ControlBits.EferLma) != 0;
        DescriptorLookup result = Find(cpu, selector, wide ? 16 : 8, out descriptor, out address);
        return result == DescriptorLookup.Found && wide && !cpu.Mmu.LoadSystem(address + 8, out upper)
            ? DescriptorLookup.Fault
            : result;
    }

    private static DescriptorLookup Find(
        CpuCore cpu, ushort selector, int size, out Descriptor descriptor, out ulong address)
    {
        CpuState* s = cpu.State;
        descriptor = default;
        address = 0;
        uint index = selector & 0xFFF8u;
        bool local = (selector & 4) != 0;
        ulong limit = local ? s->Ldtr.Limit : s->GdtrLimit;
        if ((local && s->Ldtr.Unusable) || index + (ulong)(size - 1) > limit)
        {
            return DescriptorLookup.OutOfLimit;
        }

        address = (local ? s->Ldtr.Base : s->GdtrBase) + index;
        if (!cpu.Mmu.LoadSystem(address, out ulong raw))
        {
            return DescriptorLookup.Fault;
        }

        descriptor = new Descriptor(raw);
        return DescriptorLookup.Found;
    }
}
