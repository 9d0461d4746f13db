namespace KgdbSim.Stub.Binding;

/// <summary>What every CPU does in a run. One instance lives as long as its session: resuming allocates nothing.</summary>
internal sealed class ResumePlan(int cpuCount)
{
    private readonly ResumeAction[] _actions = new ResumeAction[cpuCount];

    /// <summary>The number of CPUs, which are numbered from 0.</summary>
    public int CpuCount => _actions.Length;

    /// <summary>The part of one CPU.</summary>
    public ResumeAction this[int cpu]
    {
        get => _actions[cpu];
        set => _actions[cpu] = value;
    }

    /// <summary>The parts of all CPUs, by CPU number.</summary>
    public ReadOnlySpan<ResumeAction> Actions => _actions;

    /// <summary>Gives every CPU the same part.</summary>
    public void SetAll(ResumeAction action) => Array.Fill(_actions, action);

    /// <summary>Whether a CPU is to step.</summary>
    public bool HasSteps => Array.Exists(_actions, static action => action.IsStep);

    /// <summary>The lowest-numbered CPU that does not stay, or -1 when none is to run.</summary>
    public int FirstResumed
    {
        get
        {
            for (int cpu = 0; cpu < _actions.Length; cpu++)
            {
                if (_actions[cpu].Kind != ResumeKind.Stay)
                {
                    return cpu;
                }
            }

            return -1;
        }
    }

    /// <summary>Whom to name when the debugger interrupts: the first CPU that was running among those let go.</summary>
    public int CpuToName(IDebugTarget target)
    {
        for (int cpu = 0; cpu < _actions.Length; cpu++)
        {
            if (_actions[cpu].Kind != ResumeKind.Stay && target.ActivityOf(cpu) == CpuActivity.Running)
            {
                return cpu;
            }
        }

        return Math.Max(FirstResumed, 0);
    }
}
