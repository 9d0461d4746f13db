namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>kgdb_arch_handle_exception of arch/x86/kernel/kgdb.c@6.1: <c>c</c>, <c>s</c>, <c>D</c> and <c>k</c>.</summary>
internal static class ResumePackets
{
    private const ulong TrapFlag = 0x100;

    /// <summary>Whether the packet in the buffer lets the kernel go on; if so, the master's frame is ready for it.</summary>
    public static bool Prepare(StubContext context)
    {
        IKgdbCore core = context.Core;
        byte kind = context.Buffers.Input[0];
        if (kind is not ((byte)'c' or (byte)'s' or (byte)'D' or (byte)'k'))
        {
            return false;
        }

        if (kind is (byte)'c' or (byte)'s' && new PacketCursor(context.Buffers.Input, 1).ReadNumber(out ulong address) > 0)
        {
            core.WriteRegister(RegisterNumber.InstructionPointer, address);
        }

        ulong flags = core.ReadRegister(core.MasterCpu, RegisterNumber.Flags) & ~TrapFlag;
        bool step = kind == 's';
        core.WriteRegister(RegisterNumber.Flags, step ? flags | TrapFlag : flags);
        core.SetSteppingCpu(step ? core.MasterCpu : -1);
        return true;
    }

    /// <summary>c and s with Hc on another task: kgdb can't switch threads.</summary>
    public static bool Refuse(StubContext context)
    {
        if (context.ContinuedThread is null || context.ContinuedThread == context.Core.Current)
        {
            return false;
        }

        context.Buffers.Error(KgdbErrno.Invalid);
        return true;
    }
}
