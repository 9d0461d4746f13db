namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary><c>g</c>, <c>G</c>, <c>p</c> and <c>P</c> of kernel/debug/gdbstub.c@6.1.</summary>
internal static class RegisterPackets
{
    public static void ReadAll(StubContext context)
    {
        Load(context);
        Reply(context, 0, RegisterNumber.ImageBytes);
    }

    /// <summary>Too few digits are no error: what an earlier packet left in the buffer becomes registers.</summary>
    public static void WriteAll(StubContext context)
    {
        context.Buffers.UnpackHex(1, RegisterNumber.ImageBytes).CopyTo(context.Image.Bytes);
        if (!context.CurrentIsUsed)
        {
            context.Buffers.Error(KgdbErrno.Invalid);
            return;
        }

        context.Image.Store(context.Core);
        context.Buffers.Reset("OK"u8);
    }

    public static void ReadOne(StubContext context)
    {
        new PacketCursor(context.Buffers.Input, 1).ReadNumber(out ulong register);
        if (register >= RegisterNumber.Count)
        {
            context.Buffers.Error(KgdbErrno.Invalid);
            return;
        }

        Load(context);
        Reply(context, RegisterNumber.Offset((int)register), RegisterNumber.Size((int)register));
    }

    public static void WriteOne(StubContext context)
    {
        RemcomBuffers buffers = context.Buffers;
        var cursor = new PacketCursor(buffers.Input, 1);
        cursor.ReadNumber(out ulong number);
        int register = (int)number;
        if (!cursor.Take('=') || !context.CurrentIsUsed || !Exists(register))
        {
            buffers.Error(KgdbErrno.Invalid);
            return;
        }

        context.Image.Bytes[..RegisterImage.Size].Clear();
        int digits = 0;
        while (digits < RegisterImage.Size * 2 && HexText.Value(buffers.Input[cursor.Position + digits]) >= 0)
        {
            digits++;
        }

        buffers.UnpackHex(cursor.Position, digits / 2).CopyTo(context.Image.Bytes);
        context.Image.Store(context.Core, register, 0);
        buffers.Reset("OK"u8);
    }

    // dbg_get_reg knows orig_rax, which is then not written.
    private static bool Exists(int register) => register is >= 0 and < RegisterNumber.Count or RegisterNumber.OriginalRax;

    /// <summary>gdb_get_regs_helper: a task that stopped in kgdb gives its trap frame, any other what a switched-out task has.</summary>
    private static void Load(StubContext context)
    {
        IKgdbCore core = context.Core;
        if (context.UsedThread is not { } task)
        {
            context.Image.Load(core, core.MasterCpu);
            return;
        }

        int found = -1;
        for (int cpu = 0; cpu < core.CpuLimit; cpu++)
        {
            if (core.IsOnline(cpu) && core.TaskInDebugger(cpu) == task)
            {
                found = cpu;
            }
        }

        if (found >= 0)
        {
            context.Image.Load(core, found);
        }
        else
        {
            context.Image.LoadSleeping(task);
        }
    }

    private static void Reply(StubContext context, int offset, int count)
    {
        context.Image.Bytes.Slice(offset, count).CopyTo(context.Buffers.RawReply(count));
        context.Buffers.PackRawReply(count);
    }
}
