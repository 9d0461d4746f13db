namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// What one awaited step does. Implement it on a small struct to add a new kind of step; <see cref="Step{TOperation,TResult}"/>
/// makes it awaitable without allocation.
/// </summary>
/// <typeparam name="TResult">What the await yields.</typeparam>
public interface IAtomicOperation<TResult>
{
    /// <summary>How the step goes about suspending; a constant per operation, so the other cases compile to nothing.</summary>
    static abstract StepNature Nature { get; }

    /// <summary>
    /// For <see cref="StepNature.Waits"/>: whether the step could be taken now. Only asked in inline mode; in explored mode the
    /// condition given to <see cref="StepContext.WaitFor(IWaitCondition, SharedLocation, AccessKind, object?)"/> decides.
    /// </summary>
    bool IsReady(StepContext context);

    /// <summary>
    /// Called when the task suspends before this step. A waiting operation names here what it waits for; others do nothing.
    /// </summary>
    void Announce(StepContext context);

    /// <summary>
    /// The step itself. It touches shared state only here, and reports every location it touches
    /// (<see cref="SharedLocation"/> does so by itself, <see cref="World.Touch(ulong, AccessKind)"/> is for everything else).
    /// </summary>
    TResult Execute(StepContext context);
}
