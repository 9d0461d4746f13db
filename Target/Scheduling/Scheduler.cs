using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Scheduling;

/// <summary>Lets the runnables of a world take steps, one choice of a policy at a time, and records the choices.</summary>
public sealed class Scheduler
{
    private readonly World _world;
    private readonly ISchedulePolicy _policy;
    private readonly ScheduleRecorder _recorder = new();
    private readonly Func<ulong, ulong> _draw;
    private readonly long _quantumMax;
    private int[] _enabled = new int[8];

    /// <summary>A scheduler that lets each choice take one step.</summary>
    public Scheduler(World world, ISchedulePolicy policy) : this(world, policy, 1)
    {
    }

    /// <summary>A scheduler for ordinary runs: after each choice the policy draws a quantum.</summary>
    /// <param name="world">Whose runnables.</param>
    /// <param name="policy">Who chooses.</param>
    /// <param name="quantumMax">The longest quantum, in steps; 1 takes no draw.</param>
    public Scheduler(World world, ISchedulePolicy policy, long quantumMax)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(quantumMax, 1);
        _world = world;
        _policy = policy;
        _quantumMax = quantumMax;
        _draw = Draw;
    }

    /// <summary>Steps taken since <see cref="Begin"/>: virtual time.</summary>
    public long StepCount { get; private set; }

    /// <summary>Who was chosen last, or -1.</summary>
    public int Current { get; private set; } = -1;

    /// <summary>Begins to count and record afresh; the world is ready for its first step.</summary>
    public void Begin()
    {
        _recorder.Clear();
        _world.NumberSource = _draw;
        StepCount = 0;
        Current = -1;
    }

    /// <summary>The choices since <see cref="Begin"/>.</summary>
    public Schedule RecordedSchedule() => _recorder.ToSchedule();

    /// <summary>Takes steps until nobody can, the policy ends it, or <see cref="StepCount"/> reaches the bound.</summary>
    public SchedulerStop Run(long stepCountMax)
    {
        using HostContext host = HostContext.Suspend();
        SchedulerStop stop;
        do
        {
            stop = StepCount >= stepCountMax ? SchedulerStop.StepLimit : Next();
        }
        while (stop == SchedulerStop.None);
        return stop;
    }

    /// <summary>One choice and the steps it leads to.</summary>
    public SchedulerStop Next()
    {
        int count = CollectEnabled();
        if (count == 0)
        {
            return WhyStuck(_world.RunnableSpan);
        }

        int choice = _policy.Choose(new ChoicePoint(_enabled.AsSpan(0, count), _world.Runnables, Current, StepCount));
        if (choice == ISchedulePolicy.EndRun)
        {
            return SchedulerStop.EndedByPolicy;
        }

        _recorder.AddChoice(choice);
        Current = choice;
        long quantum = _quantumMax == 1 ? 1 : 1 + (long)Draw((ulong)_quantumMax);
        StepCount += _world.Step(choice, quantum);
        return SchedulerStop.None;
    }

    /// <summary>Why nobody of <paramref name="runnables"/> can take a step.</summary>
    internal static SchedulerStop WhyStuck(ReadOnlySpan<IRunnable> runnables)
    {
        SchedulerStop why = SchedulerStop.Finished;
        foreach (IRunnable runnable in runnables)
        {
            RunnableState state = runnable.State;
            if (state == RunnableState.Waiting)
            {
                return SchedulerStop.Deadlock;
            }

            if (state == RunnableState.Spinning)
            {
                why = SchedulerStop.Livelock;
            }
        }

        return why;
    }

    private int CollectEnabled()
    {
        ReadOnlySpan<IRunnable> runnables = _world.RunnableSpan;
        if (runnables.Length > _enabled.Length)
        {
            Array.Resize(ref _enabled, Math.Max(runnables.Length, 2 * _enabled.Length));
        }

        int[] enabled = _enabled;
        int count = 0;
        for (int i = 0; i < runnables.Length; i++)
        {
            if (runnables[i].State == RunnableState.Ready)
            {
                enabled[count++] = i;
            }
        }

        return count;
    }

    private ulong Draw(ulong bound)
    {
        ulong number = _policy.DrawNumber(bound);
        _recorder.AddNumber(number);
        return number;
    }
}
