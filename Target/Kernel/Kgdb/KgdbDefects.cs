namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// Where Linux 6.1's kgdb and a debugger without lies differ: one bit each. <see cref="KgdbDefectTable"/> says what and why.
/// </summary>
[Flags]
internal enum KgdbDefects
{
    /// <summary>The modern face.</summary>
    None = 0,
    StaleDr7OnExit = 1 << 0,
    StaleVirtualDr6 = 1 << 1,
    PerfStateCheck = 1 << 2,
    EarlyRemoveAll = 1 << 3,
    AnyDebugException = 1 << 4,
    MatchesByAddress = 1 << 5,
    NoAddressCheck = 1 << 6,
    ClobbersFreeEntry = 1 << 7,
    PartialRelease = 1 << 8,
    OrphanWhenNotStopped = 1 << 9,
    MissingHotplugEvent = 1 << 10,
    OthersRunWhileStepping = 1 << 11,
    DropsHitOfRemoved = 1 << 12,
    ForgetsUnrestoredByte = 1 << 13,
    PlainErrors = 1 << 14,
    NoStopReason = 1 << 15,
    IpAfterInt3 = 1 << 16,
    SignalSetsIp = 1 << 17,
    QuestionRemovesAll = 1 << 18,
    NoInterrupt = 1 << 19,
    ThreadListNeverEnds = 1 << 20,
    UnreachableRegisters = 1 << 21,
    DropsLongPackets = 1 << 22,

    RearmsOthers = 1 << 23,
    RestoreClearsDr6 = 1 << 24,
    CountsCpuByCpu = 1 << 25,
    HitsByRegister = 1 << 26,
    SkipsAccounting = 1 << 27,

    /// <summary>Linux 6.1 as meant and as recorded: everything but the state check of 6.1.192, which was reverted for the recordings.</summary>
    Faithful61 = (1 << 28) - 1 - PerfStateCheck,

    /// <summary>Linux 6.1.192 as shipped.</summary>
    Faithful61192 = Faithful61 | PerfStateCheck,
}
