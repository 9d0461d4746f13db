namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// Pushes of 16- or 32-bit items on a stack that the processor is about to switch to. All are prepared first, so that a
/// fault leaves even the memory below the stack as it was.
/// </summary>
internal struct InnerStack(CpuCore cpu, SegmentRegister stack, uint pointer, int width, bool user)
{
    private readonly uint _mask = stack.Big ? uint.MaxValue : ushort.MaxValue;
    private SegmentRegister _stack = stack;

    /// <summary>Where the last item lies.</summary>
    public uint Pointer { get; private set; } = pointer;

    /// <summary>
    /// So many pushes will succeed; otherwise #SS with the given error code, or a page fault, is recorded.
    /// </summary>
    public readonly bool Prepare(int count, uint errorCode)
    {
        for (int i = 1; i <= count; i++)
        {
            uint offset = (Pointer - (uint)(i * width)) & _mask;
            if (!InLimit(offset))
            {
                cpu.Fault(Vector.StackFault, errorCode);
                return false;
            }

            ulong linear = (uint)(_stack.Base + offset);
            if (!(user ? cpu.Mmu.PrepareStore(linear, width, true) : cpu.Mmu.PrepareSystemStore(linear, width)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Pushes one prepared item.</summary>
    public void Push(uint value)
    {
        Pointer = (Pointer - (uint)width) & _mask;
        ulong linear = (uint)(_stack.Base + Pointer);
        if (width == 4)
        {
            Store(linear, value);
        }
        else
        {
            Store(linear, (ushort)value);
        }
    }

    private readonly void Store<T>(ulong linear, T value)
        where T : unmanaged
    {
        if (user)
        {
            cpu.Mmu.Store(linear, true, value);
        }
        else
        {
            cpu.Mmu.StoreSystem(linear, value);
        }
    }

    private readonly bool InLimit(uint offset)
    {
        ulong last = (ulong)offset + (ulong)(width - 1);
        bool expandDown = (_stack.Type & 4) != 0;
        return expandDown ? offset > _stack.Limit && last <= _mask : last <= _stack.Limit;
    }
}
