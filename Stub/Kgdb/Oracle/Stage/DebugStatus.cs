namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>DR6 (SDM vol. 3, 18.2.3).</summary>
internal static class DebugStatus
{
    /// <summary>Nothing to report; also what the kernel writes back (DR6_RESERVED).</summary>
    public const ulong Idle = 0xffff_0ff0;

    /// <summary>B0 to B3.</summary>
    public const ulong Traps = 0xf;

    /// <summary>BS.</summary>
    public const ulong Step = 0x4000;
}
