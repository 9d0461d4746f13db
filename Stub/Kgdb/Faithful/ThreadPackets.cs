namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary><c>H</c> and <c>T</c> of kernel/debug/gdbstub.c@6.1.</summary>
internal static class ThreadPackets
{
    public static void Select(StubContext context)
    {
        byte use = context.Buffers.Input[1];
        if (use is not ((byte)'g' or (byte)'c'))
        {
            return;
        }

        new PacketCursor(context.Buffers.Input, 2).ReadNumber(out ulong number);
        IKgdbTask? task = null;
        if (use == 'g' || number != 0)
        {
            task = ThreadReference.Find(context.Core, number);
            if (task is null)
            {
                // The number is unsigned and not 0 here: whatever is not found is refused.
                context.Buffers.Error(KgdbErrno.Invalid);
                return;
            }
        }

        if (use == 'g')
        {
            context.UsedThread = task;
        }
        else
        {
            context.ContinuedThread = task;
        }

        context.Buffers.Reset("OK"u8);
    }

    public static void IsAlive(StubContext context)
    {
        new PacketCursor(context.Buffers.Input, 1).ReadNumber(out ulong number);
        context.Buffers.Result(ThreadReference.Find(context.Core, number) is null ? KgdbErrno.Invalid : 0);
    }
}
