using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A task of a plain program: one context, run until its method returns. Made by
/// <see cref="World.Spawn(string, Func{StepContext, ValueTask})"/>.
/// </summary>
public sealed class StepTask : IStartableRunnable
{
    internal StepTask(World world, string name, int cpu)
    {
        Context = new StepContext(world, name, cpu);
        Completion = new TaskCompletion(world);
    }

    /// <summary>What it runs on.</summary>
    public StepContext Context { get; }

    /// <inheritdoc/>
    public string Name => Context.Name;

    /// <inheritdoc/>
    public RunnableState State => IsDaemon && Context.State is RunnableState.Waiting or RunnableState.Spinning
        ? RunnableState.Idle
        : Context.State;

    StepContext? IContextRunnable.NextContext => Context;

    /// <summary>Whether nobody misses it when it waits for ever.</summary>
    public bool IsDaemon { get; internal set; }

    /// <summary>Written when the task ends.</summary>
    internal TaskCompletion Completion { get; }

    internal Func<StepContext, ValueTask>? Body { get; set; }

    /// <summary>Waits, as one step of <paramref name="context"/>, until this task has ended.</summary>
    public Step<Join, Nothing> Join(StepContext context) => new(context, new Join(Completion));

    /// <inheritdoc/>
    public long Run(long stepCountMax)
    {
        long steps = 0;
        do
        {
            Context.Resume();
            steps++;
        }
        while (steps < stepCountMax && Context.State == RunnableState.Ready);

        NoteIfEnded();
        return steps;
    }

    TaskCompletion IStartableRunnable.Completion => Completion;

    void IStartableRunnable.Start() => Start();

    void IStartableRunnable.Drop() => Context.Drop();

    /// <summary>Begins its method.</summary>
    internal void Start()
    {
        Context.Start(Body!, Context);
        NoteIfEnded();
    }

    private void NoteIfEnded()
    {
        if (Context.State == RunnableState.Finished)
        {
            Completion.Complete();
        }
    }
}
