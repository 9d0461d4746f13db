namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>How the recorder made the guest's serial line break, and the key that means "debugger" after it.</summary>
internal static class SerialBreak
{
    /// <summary>drivers/tty/sysrq.c: 'g' calls kgdb_breakpoint.</summary>
    public const byte DebugKey = (byte)'g';

    /// <summary>IAC BREAK (RFC 854): not seen by the guest as bytes.</summary>
    public static ReadOnlySpan<byte> Telnet => [0xff, 0xf3];
}
