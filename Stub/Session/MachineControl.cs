using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Session;

/// <summary>Whether the machine runs.</summary>
internal enum MachinePhase : byte
{
    /// <summary>It stands and waits for a debugger.</summary>
    Held,

    /// <summary>It runs, with a debugger or without.</summary>
    Running,

    /// <summary>The guest ended it.</summary>
    Exited,
}

/// <summary>
/// A machine under debuggers that come and go: what must outlive a session. Sessions and the loops around them resume it
/// and run it in slices; who does so is always one thread.
/// </summary>
internal sealed class MachineControl
{
    private readonly List<StopEvent> _stops;
    private readonly ConditionalRun _run;

    /// <summary>A machine that stands at reset.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="threads">What debuggers see as threads; null: its CPUs.</param>
    public MachineControl(IDebugTarget target, IThreads? threads = null)
    {
        Target = target;
        Threads = threads ?? new CpuThreads(target);
        Plan = new ResumePlan(target.CpuCount);
        Ledger = new StopLedger(target);
        _run = new ConditionalRun(target);
        _stops = new List<StopEvent>(target.CpuCount);
    }

    /// <summary>The machine.</summary>
    public IDebugTarget Target { get; }

    /// <summary>What debuggers see as threads.</summary>
    public IThreads Threads { get; }

    /// <summary>Whether it runs.</summary>
    public MachinePhase Phase { get; private set; }

    /// <summary>
    /// Whether a run can go on only after the debugger has done something: no CPU has anything to do. Who sees it should
    /// sleep rather than run slices.
    /// </summary>
    public bool IsIdle { get; private set; }

    /// <summary>The guest's exit code, 0-255, once it has exited.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Whether a debugger has been told of the exit.</summary>
    public bool ExitSeen { get; private set; }

    /// <summary>What every CPU does in the current or next run.</summary>
    public ResumePlan Plan { get; }

    /// <summary>Stops that no debugger knows of.</summary>
    public StopLedger Ledger { get; }

    /// <summary>When breakpoints are worth a stop.</summary>
    public BreakpointConditions Conditions => _run.Conditions;

    /// <summary>The CPU of the stop reported last: where a debugger's attention is.</summary>
    public int FocusCpu { get; set; }

    /// <summary>Lets the CPUs go as the plan says.</summary>
    public void Resume()
    {
        Phase = MachinePhase.Running;
        IsIdle = false;
    }

    /// <summary>Lets all CPUs run freely, as without a debugger.</summary>
    public void Release()
    {
        ForgetPoints();
        Ledger.Clear();
        if (Phase != MachinePhase.Exited)
        {
            Plan.SetAll(ResumeAction.Continue);
            Resume();
        }
    }

    /// <summary>Forgets the points that a debugger left behind which went without a word.</summary>
    public void ForgetPoints()
    {
        _run.Forget();
        Target.Breakpoints?.Clear();
        Target.Watchpoints?.Clear();
    }

    /// <summary>Asks a running machine to stand; slices go on until it does.</summary>
    public void RequestHalt()
    {
        IsIdle = false;
        Target.RequestHalt();
    }

    /// <summary>Runs one slice and remembers what stopped.</summary>
    public RunResult RunSlice(long maxSteps)
    {
        _stops.Clear();
        RunResult result = _run.Run(Plan, maxSteps, _stops);
        switch (result.End)
        {
            case RunEnd.Stopped:
                Phase = MachinePhase.Held;
                Remember();
                break;
            case RunEnd.Resumed:
                Remember();
                break;
            case RunEnd.Exited:
                Phase = MachinePhase.Exited;
                ExitCode = result.ExitCode;
                ExitSeen = false;
                break;
            case RunEnd.Idle:
                IsIdle = true;
                break;
        }

        return result;
    }

    /// <summary>A debugger has been told that the guest exited.</summary>
    public void MarkExitSeen() => ExitSeen = true;

    /// <summary>Puts the machine back to reset, standing; false if it cannot be.</summary>
    public bool TryRestart()
    {
        if (Target.Restart is not { } restart)
        {
            return false;
        }

        restart.Restart();
        _run.Restart();
        Ledger.Clear();
        Phase = MachinePhase.Held;
        IsIdle = false;
        FocusCpu = 0;
        return true;
    }

    private void Remember()
    {
        foreach (StopEvent stop in _stops)
        {
            Ledger.Add(stop);
        }
    }
}
