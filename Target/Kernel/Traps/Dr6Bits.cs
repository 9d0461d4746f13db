namespace KgdbSim.Target.Kernel.Traps;

/// <summary>Fields of DR6 (SDM vol. 3, 18.2.3).</summary>
internal static class Dr6Bits
{
    /// <summary>B0 to B3.</summary>
    public const ulong Traps = 0xF;

    /// <summary>BD: a MOV DR with DR7.GD set.</summary>
    public const ulong RegisterAccess = 1 << 13;

    /// <summary>BS.</summary>
    public const ulong SingleStep = 1 << 14;

    /// <summary>BT.</summary>
    public const ulong TaskSwitch = 1 << 15;

    /// <summary>All causes that kernels before 2010 look at; the rest reads as constants.</summary>
    public const ulong Causes = Traps | RegisterAccess | SingleStep | TaskSwitch;
}
