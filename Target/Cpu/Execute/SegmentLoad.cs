namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// A segment register's new contents with every check done, and the accessed or busy bit that loading it sets in the
/// descriptor: nothing has changed until it is committed, and then nothing can fault.
/// </summary>
internal readonly struct SegmentLoad
{
    private readonly ulong _markAddress;
    private readonly ulong _markValue;
    private readonly bool _marks;

    /// <summary>A load that leaves the descriptor, or has none.</summary>
    public SegmentLoad(SegmentRegister register) => Register = register;

    private SegmentLoad(SegmentRegister register, ulong address, ulong value)
    {
        Register = register;
        _marks = true;
        _markAddress = address;
        _markValue = value;
    }

    public SegmentRegister Register { get; }

    /// <summary>
    /// Prepares a load that sets <paramref name="bits"/> of the descriptor at <paramref name="address"/>; false if that
    /// faults.
    /// </summary>
    public static bool Prepare(
        CpuCore cpu, SegmentRegister register, Descriptor descriptor, ulong address, ulong bits, out SegmentLoad load)
    {
        if ((descriptor.Raw & bits) == bits)
        {
            load = new SegmentLoad(register);
            return true;
        }

        load = new SegmentLoad(register, address, descriptor.Raw | bits);
        return cpu.Mmu.PrepareSystemStore(address, sizeof(ulong));
    }

    /// <summary>Sets the descriptor's bits; the caller sets the register.</summary>
    public void Mark(CpuCore cpu)
    {
        if (_marks)
        {
            cpu.Mmu.StoreSystem(_markAddress, _markValue);
        }
    }
}
