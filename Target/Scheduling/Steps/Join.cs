namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>Waits for another task's end.</summary>
public readonly struct Join : IAtomicOperation<Nothing>
{
    private readonly TaskCompletion _completion;

    internal Join(TaskCompletion completion) => _completion = completion;

    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => _completion.Holds(context);

    /// <inheritdoc/>
    public void Announce(StepContext context) =>
        context.WaitFor(_completion, _completion, AccessKind.Read, null);

    /// <inheritdoc/>
    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        context.World.Trace?.Note("join", _completion, "");
        return default;
    }
}
