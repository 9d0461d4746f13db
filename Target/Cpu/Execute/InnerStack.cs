namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Pushes of 16- or 32-bit items on a stack that the processor is about to switch to; nothing but its memory changes.</summary>
internal unsafe struct InnerStack(CpuCore cpu, SegmentRegister stack, uint pointer, int width, uint errorCode, bool user)
{
    private SegmentRegister _stack = stack;

    /// <summary>Where the last item lies.</summary>
    public uint Pointer { get; private set; } = pointer;

    /// <summary>Pushes one item; false: #SS with the given error code, or a page fault, is recorded.</summary>
    public bool Push(uint value)
    {
        uint mask = _stack.Big ? uint.MaxValue : ushort.MaxValue;
        uint next = (Pointer - (uint)width) & mask;
        if (!InLimit(next, mask))
        {
            cpu.Fault(Vector.StackFault, errorCode);
            return false;
        }

        ulong linear = (uint)(_stack.Base + next);
        bool stored = width == 4 ? Store(linear, value) : Store(linear, (ushort)value);
        Pointer = stored ? next : Pointer;
        return stored;
    }

    private readonly bool Store<T>(ulong linear, T value)
        where T : unmanaged =>
        user ? cpu.Mmu.Store(linear, true, value) : cpu.Mmu.StoreSystem(linear, value);

    private readonly bool InLimit(uint offset, uint mask)
    {
        ulong last = (ulong)offset + (ulong)(width - 1);
        bool expandDown = (_stack.Type & 4) != 0;
        return expandDown ? offset > _stack.Limit && last <= mask : last <= _stack.Limit;
    }
}
