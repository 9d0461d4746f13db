using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// One atomic step, awaitable. Inline it is complete at once unless it truly waits; explored, every await suspends and the
/// step happens when the scheduler resumes the task: operation first, then the task's own code up to its next await.
/// </summary>
/// <remarks>A value that lives between the expression and its <c>await</c>; awaiting a copy twice takes two steps.</remarks>
public readonly struct Step<TOperation, TResult> : ICriticalNotifyCompletion, IStepAwaiter
    where TOperation : struct, IAtomicOperation<TResult>
{
    private readonly StepContext _context;
    private readonly TOperation _operation;

    /// <summary>The step <paramref name="operation"/>, to be taken by <paramref name="context"/>.</summary>
    public Step(StepContext context, TOperation operation)
    {
        _context = context;
        _operation = operation;
    }

    /// <summary>Whether the step can be taken without suspending; part of the await pattern.</summary>
    public bool IsCompleted => TOperation.Nature switch
    {
        StepNature.Plain => _context.CountIfInline(),
        StepNature.Waits => _context.RunsInline && _operation.IsReady(_context) && _context.CountIfInline(),
        _ => false,
    };

    /// <summary>Part of the await pattern.</summary>
    public Step<TOperation, TResult> GetAwaiter() => this;

    /// <summary>Takes the step; part of the await pattern.</summary>
    public TResult GetResult() => _operation.Execute(_context);

    void IStepAwaiter.Suspend(SuspendedMethod method)
    {
        _operation.Announce(_context);
        _context.Park(method);
    }

    /// <summary>For methods compiled with another builder than <see cref="StepMethodBuilder"/>; part of the await pattern.</summary>
    public void UnsafeOnCompleted(Action continuation)
    {
        _operation.Announce(_context);
        _context.Park(continuation);
    }

    /// <summary>Same as <see cref="UnsafeOnCompleted"/>: no execution context flows through a simulation.</summary>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);
}
