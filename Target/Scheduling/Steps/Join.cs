namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>Waits for another task's end.</summary>
public readonly struct Join(StepTask task) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => task.Completion.Holds(context);

    /// <inheritdoc/>
    public void Announce(StepContext context) =>
        context.WaitFor(task.Completion, task.Completion, AccessKind.Read, null);

    /// <inheritdoc/>
    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        context.World.Trace?.Note("join", task.Completion, "");
        return default;
    }
}
