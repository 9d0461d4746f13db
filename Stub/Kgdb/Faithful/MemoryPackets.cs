namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary><c>m</c>, <c>M</c> and <c>X</c> of kernel/debug/gdbstub.c@6.1. Lengths are cut to 32 bits with a sign, as the kernel's are.</summary>
internal static class MemoryPackets
{
    public static void Read(StubContext context)
    {
        RemcomBuffers buffers = context.Buffers;
        var cursor = new PacketCursor(buffers.Input, 1);
        if (cursor.ReadNumber(out ulong address) == 0 || !cursor.Take(',') || cursor.ReadNumber(out ulong length) == 0)
        {
            buffers.Error(KgdbErrno.Invalid);
            return;
        }

        int count = (int)length;
        if (!RemcomBuffers.Holds(count) || context.Core.ReadMemory(address, buffers.RawReply(count)) != 0)
        {
            buffers.Error(KgdbErrno.Invalid);
            return;
        }

        buffers.PackRawReply(count);
    }

    public static void Write(StubContext context, bool binary)
    {
        RemcomBuffers buffers = context.Buffers;
        var cursor = new PacketCursor(buffers.Input, 1);
        if (cursor.ReadNumber(out ulong address) == 0 || !cursor.Take(',')
            || cursor.ReadNumber(out ulong length) == 0 || !cursor.Take(':'))
        {
            buffers.Error(KgdbErrno.Invalid);
            return;
        }

        int count = (int)length;
        if (binary)
        {
            // A length that is negative as a C int ends the copying loop before its first turn.
            count = Math.Max(count, 0);
        }

        if (!RemcomBuffers.Holds(count))
        {
            buffers.Error(KgdbErrno.Fault);
            return;
        }

        ReadOnlySpan<byte> bytes = binary
            ? buffers.UnpackBinary(cursor.Position, count)
            : buffers.UnpackHex(cursor.Position, count);
        buffers.Result(context.Core.WriteMemory(address, bytes));
    }
}
