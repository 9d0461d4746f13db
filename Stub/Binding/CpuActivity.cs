namespace KgdbSim.Stub.Binding;

/// <summary>What a CPU would do if the machine were let go now; shown in its thread name.</summary>
internal enum CpuActivity : byte
{
    /// <summary>It executes instructions.</summary>
    Running,

    /// <summary>It executed HLT and waits for an interrupt.</summary>
    Halted,

    /// <summary>Reset or INIT left it waiting for a start-up IPI (SDM vol. 3A, 9.4 "MP Initialization").</summary>
    WaitingForSipi,

    /// <summary>A triple fault shut it down; only a reset brings it back.</summary>
    Shutdown,

    /// <summary>Its kernel has taken it offline: it executes nothing until it is brought back.</summary>
    Unplugged,
}
