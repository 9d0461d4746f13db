namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>The machine that a transcript is replayed on, as the recorder saw the real one: a serial line with kgdb, and a console.</summary>
internal interface IOracleStage
{
    int CpuCount { get; }

    /// <summary>Bytes arrive at the stub's serial line.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>A command line arrives on the guest's console.</summary>
    /// <returns>Why the stage can't do that, or null.</returns>
    string? Type(string command);

    /// <summary>How often the guest has been restarted: each time its threads are new ones.</summary>
    int RestartCount { get; }

    /// <summary>A task that sleeps wakes up and runs through an address that is none of the stage's own.</summary>
    /// <returns>False if there is no such task, or nothing can run there.</returns>
    bool Wake(string name, ulong address);

    /// <summary>Lets time pass until nothing more would happen by itself, or for as long as a recorder would wait.</summary>
    void Settle();

    /// <summary>What the stub has sent since the last time.</summary>
    byte[] TakeOutput();

    DebugRegisterDump DebugRegisters(int cpu);

    /// <summary>Each value that some CPU's DR7 has got since the last time, in order.</summary>
    IReadOnlyList<(int Cpu, ulong Control)> TakeControlHistory();

    /// <summary>The pid of the first task with this name, if there is one.</summary>
    int? FindTask(string name);

    bool HasTask(int pid);
}
