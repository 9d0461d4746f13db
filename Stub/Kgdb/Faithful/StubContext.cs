using KgdbSim.Stub.Kgdb.Faithful.Kdb;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>What the packet handlers share: the file-static variables of gdbstub.c, and kgdb_state of the current stop.</summary>
internal sealed class StubContext(IKgdbCore core, bool hasKdb)
{
    /// <summary>CONFIG_KGDB_KDB: there is another debugger behind this one.</summary>
    public bool HasKdb { get; } = hasKdb;

    public IKgdbCore Core { get; } = core;

    /// <summary>What kdb's commands work on, behind its prompt and behind qRcmd.</summary>
    public KdbContext Kdb { get; } = new(core);

    public RemcomBuffers Buffers { get; } = new();

    public RegisterImage Image { get; } = new();

    /// <summary>kgdb_connected: somebody has sent a <c>$</c>, and has not detached since.</summary>
    public bool Connected { get; set; }

    /// <summary>signo of this stop.</summary>
    public int Signal { get; private set; }

    /// <summary>kgdb_usethread, set by Hg; null is "whoever is current".</summary>
    public IKgdbTask? UsedThread { get; set; }

    /// <summary>kgdb_contthread, set by Hc; null is "no one in particular".</summary>
    public IKgdbTask? ContinuedThread { get; set; }

    /// <summary>thr_query: how many tasks the thread list packets have named.</summary>
    public int ThreadsNamed { get; set; }

    /// <summary>pass_exception: once asked for, it holds until the kernel goes on.</summary>
    public bool PassException { get; set; }

    /// <summary>Whether P, G act: they do on the current task only.</summary>
    public bool CurrentIsUsed => UsedThread is null || UsedThread == Core.Current;

    public void BeginStop(int signal)
    {
        Signal = signal;
        UsedThread = Core.TaskInDebugger(Core.MasterCpu);
        ContinuedThread = Core.Current;
        ThreadsNamed = 0;
        PassException = false;
        Buffers.ClearReply();
    }
}
