using System.Text.Json;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Exhaustive exploration with optimal dynamic partial-order reduction (Abdulla, Aronis, Jonsson, Sagonas: POPL 2014, JACM
/// 64:4 2017): one complete execution per Mazurkiewicz trace. Depth first; each execution is repeated from the start up to the
/// level where it branches off.
/// </summary>
internal sealed class OptimalReduction : IRunSource
{
    private readonly World _world;
    private readonly IProgram _program;
    private readonly int _stepCountMax;
    private readonly Shard _shard;
    private readonly ExecutionLog _log = new();
    private readonly WakeupTree _tree = new();
    private readonly SleepSets _sleep;
    private readonly RaceReversal _reversal;
    private readonly Levels _levels = new();
    private readonly ProcessMap _processes;
    private readonly NumberChoice _numbers;
    private int _keptCount;
    private bool _started;
    private long _subtreeCount;

    public OptimalReduction(World world, IProgram program, int stepCountMax, Shard shard)
    {
        _world = world;
        _program = program;
        _stepCountMax = stepCountMax;
        _shard = shard;
        _sleep = new SleepSets(_log.Footprints);
        _reversal = new RaceReversal(_log, _tree, _sleep, _levels);
        _processes = new ProcessMap(world);
        _numbers = new NumberChoice(_log, _sleep);
    }

    public bool WasCutShort => _numbers.WasCutShort;

    public long FrontierCount => ReductionProgress.Frontier(_levels, _tree, _log.Events.Count);

    public double FractionDone => ReductionProgress.FractionDone(_levels, _tree, _log.Events.Count);

    /// <summary>The execution just made, for tests that hold the reduction to brute force.</summary>
    public ExecutionLog Log => _log;

    public bool Begin()
    {
        if (!_started)
        {
            _started = true;
            _keptCount = 0;
            _sleep.Clear();
            _levels[0] = Level.Start(WakeupTree.NodeList.Empty, 0);
            return true;
        }

        for (int level = _log.Events.Count - 1; level >= 0; level--)
        {
            if (!_levels[level].Pending.IsEmpty)
            {
                _sleep.DropAbove(level);
                _sleep.Add(level, new Sleeper(_log.Events.PlannedStepAt(level, _log.Footprints), _levels[level].IsFull));
                _levels[level].ExploredCount++;
                _keptCount = level;
                return true;
            }
        }

        return false;
    }

    public RunOutcome Run(RunMonitor monitor)
    {
        BeginWorld(_keptCount);
        RunKept();
        int level = _keptCount;
        bool stopped = monitor.BeginRun(_keptCount);
        RunKind kind = RunKind.Complete;
        SchedulerStop stop = SchedulerStop.None;
        while (!stopped)
        {
            if (level == _stepCountMax)
            {
                (kind, stop) = (RunKind.TooLong, SchedulerStop.StepLimit);
                break;
            }

            if (IsForeign(level))
            {
                return new RunOutcome(SchedulerStop.EndedByPolicy, RunKind.Foreign, level - _keptCount, level);
            }

            if (!TakeStep(level))
            {
                stop = Scheduler.WhyStuck(_world.RunnableSpan);
                kind = AnyReady() ? RunKind.Redundant : EndKind(level);
                break;
            }

            level++;
            stopped = monitor.AfterStep(level);
        }

        if (kind != RunKind.Foreign)
        {
            NotePendingWaits();
            _reversal.ReverseRaces(MustReverseKept(), kind == RunKind.Complete && !stopped);
        }

        return new RunOutcome(stop, kind, level - _keptCount, level);
    }

    public Schedule RecordedSchedule()
    {
        int count = _log.Events.Count;
        int[] choices = new int[count];
        List<ulong> numbers = [];
        for (int i = 0; i < count; i++)
        {
            choices[i] = _log.Events[i].Runnable;
            if (_log.Events[i].AlternativeCount > 0)
            {
                numbers.Add((ulong)Math.Max(0, _log.Events[i].Alternative));
            }
        }

        return new Schedule(choices, [.. numbers]);
    }

    public void Save(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("started", _started);
        writer.WriteBoolean("cutShort", WasCutShort);
        writer.WriteNumber("subtrees", _subtreeCount);
        ReductionCheckpoint.Write(writer, _world, _log, _levels, _tree, _sleep);
    }

    public void Load(JsonElement saved)
    {
        _started = saved.GetProperty("started").GetBoolean();
        _numbers.WasCutShort = saved.GetProperty("cutShort").GetBoolean();
        _subtreeCount = saved.GetProperty("subtrees").GetInt64();
        ReductionCheckpoint.ReadNumbering(saved, _world, _log.Footprints);
        _sleep.Clear();
        BeginWorld(0);
        foreach ((int process, int alternative) in ReductionCheckpoint.ReadPath(saved))
        {
            int runnable = _processes.RunnableOf(process);
            if (runnable < 0 || _world.RunnableSpan[runnable].State != RunnableState.Ready)
            {
                throw new CheckpointException("The program cannot repeat the checkpoint's last execution.");
            }

            TakeStep(0, process, runnable, alternative);
        }

        ReductionCheckpoint.ReadLevels(saved, _levels, _tree, _sleep, _log.Footprints.Count);
    }

    private void BeginWorld(int keptCount)
    {
        _log.BeginExecution(keptCount);
        _world.Recorder = _log;
        _world.NumberSource = _numbers.Source;
        _world.Begin(_program);
    }

    private void TakeStep(int level, int process, int runnable, int alternative)
    {
        _log.Begin(process, runnable, _world.CreatedBy(runnable));
        _numbers.Plan(level, process, alternative);
        _world.Step(runnable, 1);
        _log.End();
    }

    private void RunKept()
    {
        for (int i = 0; i < _keptCount; i++)
        {
            _log.BeginKept(i);
            _numbers.PlanKept(i);
            int runnable = _log.Events[i].Runnable;
            if (runnable >= _world.RunnableSpan.Length || _world.RunnableSpan[runnable].State != RunnableState.Ready)
            {
                throw new ProgramNotDeterministicException(
                    $"Step {i} was taken by runnable {runnable} before and under the same choices cannot be taken now.");
            }

            _world.Step(runnable, 1);
            _log.EndKept(i);
        }
    }

    /// <summary>Takes the step that comes next from <paramref name="level"/>; false if there is none worth taking.</summary>
    private bool TakeStep(int level)
    {
        WakeupTree.Node next;
        if (!_levels[level].Pending.IsEmpty)
        {
            next = _tree.TakeFirst(ref _levels[level].Pending);
        }
        else if (_levels[level].BitsBefore < _shard.SharedBits)
        {
            if (!PlanAll(level))
            {
                return false;
            }

            next = _tree.TakeFirst(ref _levels[level].Pending);
        }
        else
        {
            int free = ChooseFreely(level);
            if (free < 0)
            {
                return false;
            }

            next = new WakeupTree.Node { Step = Unseen(free), Children = WakeupTree.NodeList.Empty };
        }

        int runnable = _processes.RunnableOf(next.Step.Process);
        if (runnable < 0 || _world.RunnableSpan[runnable].State != RunnableState.Ready)
        {
            throw new InvalidOperationException(
                $"{(runnable < 0 ? "A task" : _world.RunnableSpan[runnable].Name)} cannot take a step that only a wait could keep "
                + "it from: a runnable that others enable and disable must wait for locations (IContextRunnable).");
        }

        TakeStep(level, next.Step.Process, runnable, next.Step.Alternative);
        if (next.Step.Alternative < 0 && _log.Events[level].AlternativeCount > 1)
        {
            PlanOtherNumbers(level);
        }

        _sleep.Advance(level, _log.Events, level);
        _levels[level + 1] = Level.Start(next.Children, _levels[level].BitsAfter);
        return true;
    }

    /// <summary>In the part of the tree that shards share, every step is planned.</summary>
    private bool PlanAll(int level)
    {
        ref Level state = ref _levels[level];
        state.IsFull = true;
        int count = _world.RunnableSpan.Length;
        for (int runnable = 0; runnable < count; runnable++)
        {
            if (MayStep(level, runnable))
            {
                _tree.Append(ref state.Pending, Unseen(runnable));
                state.IsFork = state.Pending.First != state.Pending.Last;
            }
        }

        return !state.Pending.IsEmpty;
    }

    /// <summary>Any step will do: whoever went before goes on if possible, which makes for readable schedules.</summary>
    /// <returns>Who, or -1 if nobody can or everybody sleeps.</returns>
    private int ChooseFreely(int level)
    {
        int previous = level == 0 ? -1 : _log.Events[level - 1].Runnable;
        if (previous >= 0 && MayStep(level, previous))
        {
            return previous;
        }

        int count = _world.RunnableSpan.Length;
        for (int runnable = 0; runnable < count; runnable++)
        {
            if (MayStep(level, runnable))
            {
                return runnable;
            }
        }

        return -1;
    }

    private PlannedStep Unseen(int runnable) => new(_processes.ProcessOf(runnable), -1, 0, -1);

    private bool MayStep(int level, int runnable) =>
        _world.RunnableSpan[runnable].State == RunnableState.Ready && !_sleep.Sleeps(level, _processes.ProcessOf(runnable));

    /// <summary>If the step just taken drew a number freely, the others are explored before anything else from here.</summary>
    private void PlanOtherNumbers(int level)
    {
        PlannedStep drawn = _log.Events.PlannedStepAt(level, _log.Footprints);
        for (int number = drawn.AlternativeCount - 1; number > drawn.Alternative; number--)
        {
            if (!_sleep.Sleeps(level, drawn.Process, number))
            {
                _tree.Prepend(ref _levels[level].Pending, drawn with { Alternative = number });
            }
        }
    }

    /// <summary>Whether the path has just entered a subtree, and it is another shard's.</summary>
    private bool IsForeign(int level) =>
        level > 0 && level == _log.Events.Count && level > _keptCount
        && _levels[level].BitsBefore >= _shard.SharedBits && _levels[level - 1].BitsBefore < _shard.SharedBits
        && EntersForeignSubtree();

    /// <summary>A complete execution that never left the part that shards share is a subtree of its own.</summary>
    private RunKind EndKind(int level) =>
        _levels[level].BitsBefore < _shard.SharedBits && EntersForeignSubtree() ? RunKind.Foreign : RunKind.Complete;

    private bool EntersForeignSubtree() => !_shard.HasSubtree(_subtreeCount++);

    private bool AnyReady()
    {
        foreach (IRunnable runnable in _world.RunnableSpan)
        {
            if (runnable.State == RunnableState.Ready)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether races within the prefix, which have been reversed before with what followed then, must be looked at again: what
    /// follows now may differ by a drawn number.
    /// </summary>
    private bool MustReverseKept() =>
        _keptCount < _log.Events.Count && _log.Events[_keptCount].AlternativeCount > 1;

    private void NotePendingWaits()
    {
        ReadOnlySpan<IRunnable> runnables = _world.RunnableSpan;
        for (int i = 0; i < runnables.Length; i++)
        {
            if (runnables[i] is IContextRunnable { NextContext: { Wait.IsPending: true } context })
            {
                _log.NotePending(_processes.ProcessOf(i), _world.CreatedBy(i), context);
            }
        }
    }
}
