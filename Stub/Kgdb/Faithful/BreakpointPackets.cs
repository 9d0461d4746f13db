namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary><c>Z</c> and <c>z</c> of kernel/debug/gdbstub.c@6.1: text behind the length is not looked at.</summary>
internal static class BreakpointPackets
{
    /// <returns>False if the kernel died of it: there is no reply.</returns>
    public static bool Change(StubContext context)
    {
        RemcomBuffers buffers = context.Buffers;
        bool insert = buffers.Input[0] == 'Z';
        int type = buffers.Input[1] - '0';
        if (type is < 0 or > 4)
        {
            return true;
        }

        var cursor = new PacketCursor(buffers.Input, 2);
        if (!cursor.Take(',') || cursor.ReadNumber(out ulong address) == 0
            || !cursor.Take(',') || cursor.ReadNumber(out ulong length) == 0)
        {
            buffers.Error(KgdbErrno.Invalid);
            return true;
        }

        IKgdbCore core = context.Core;
        int result = (insert, type) switch
        {
            (true, 0) => core.SetSoftwareBreakpoint(address),
            (false, 0) => core.RemoveSoftwareBreakpoint(address),
            (true, _) => core.SetHardwareBreakpoint(address, (int)length, type),
            _ => core.RemoveHardwareBreakpoint(address, (int)length, type),
        };
        if (result == KgdbErrno.NeverReturned)
        {
            return false;
        }

        buffers.Result(result);
        return true;
    }
}
