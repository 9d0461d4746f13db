using KgdbSim.Target.Machine;

namespace KgdbSim.Stub.Binding.Kernel;

/// <summary>
/// The CPUs that are told to step make their steps one after the other, since kgdb steps one at a time (kgdb_cpu_doing_single_step). In a
/// round each of them makes one, whoever stops meanwhile; if nothing has come of it, as all are in their ranges still, another follows.
/// </summary>
/// <param name="target">Whose CPUs they are.</param>
internal sealed class StepRound(IDebugTarget target)
{
    private readonly bool[] _isDue = new bool[target.CpuCount];
    private readonly List<StopEvent> _found = new(target.CpuCount);

    /// <summary>Whose step it is, or -1.</summary>
    public int Cpu { get; private set; } = -1;

    /// <summary>What is to be told when the round is over.</summary>
    public IReadOnlyList<StopEvent> Found => _found;

    /// <summary>Something is found, or another CPU has its step to make, when <see cref="Cpu"/> has made its own.</summary>
    public bool IsWaitedFor => _found.Count != 0 || Array.IndexOf(_isDue, true) != Array.LastIndexOf(_isDue, true);

    /// <summary>All that are told to step have still to do it.</summary>
    public void Begin(ResumePlan plan)
    {
        _found.Clear();
        for (int cpu = 0; cpu < _isDue.Length; cpu++)
        {
            _isDue[cpu] = plan[cpu].IsStep;
        }

        Choose();
    }

    /// <summary>A CPU that was let go has stopped.</summary>
    /// <param name="stop">Why; a step that it was told to make counts as made, whatever it ran into.</param>
    /// <param name="isOver">False: it has only moved within its range.</param>
    public void Add(StopEvent stop, bool isOver)
    {
        _isDue[stop.Cpu] = false;
        if (isOver)
        {
            _found.Add(stop);
        }

        Choose();
    }

    /// <summary>The CPU whose step it is makes none in this round.</summary>
    public void Skip()
    {
        _isDue[Cpu] = false;
        Choose();
    }

    /// <summary>What a CPU does meanwhile: once something is found, only steps are made, by one at a time.</summary>
    public CpuDrive DriveOf(int cpu, ResumeKind kind) => kind switch
    {
        ResumeKind.Stay => CpuDrive.Stay,
        ResumeKind.Continue => _found.Count == 0 ? CpuDrive.Continue : CpuDrive.Stay,

        // Single steps are the trap flag's: the kernel, not the machine, ends them.
        _ => cpu == Cpu ? CpuDrive.Continue : CpuDrive.Stay,
    };

    /// <summary>Takes what was found, to be told; the round is over.</summary>
    public void MoveTo(List<StopEvent> stops)
    {
        stops.AddRange(_found);
        Clear();
    }

    /// <summary>There is no round.</summary>
    public void Clear()
    {
        _found.Clear();
        Array.Clear(_isDue);
        Cpu = -1;
    }

    /// <summary>A step once begun goes on; else the halted ones come last, as they may never wake.</summary>
    private void Choose()
    {
        if (Cpu >= 0 && _isDue[Cpu])
        {
            return;
        }

        Cpu = -1;
        for (int cpu = _isDue.Length - 1; cpu >= 0; cpu--)
        {
            bool comesFirst = Cpu < 0 || target.ActivityOf(cpu) == CpuActivity.Running || target.ActivityOf(Cpu) != CpuActivity.Running;
            Cpu = _isDue[cpu] && comesFirst ? cpu : Cpu;
        }
    }
}
