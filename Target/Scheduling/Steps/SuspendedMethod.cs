namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// The parked state of one step method that had to suspend: what resumes it, and who awaits it. Pooled, because in explored
/// mode every call ends up here.
/// </summary>
internal abstract class SuspendedMethod
{
    private Action? _resumeAction;
    private Action<object?>? _continuation;
    private object? _continuationState;

    /// <summary>Runs the method from its await to the next one, or to its end.</summary>
    public abstract void Resume();

    /// <summary>Forgets the method half done and makes room for another; its <c>finally</c> blocks don't run.</summary>
    public abstract void Drop();

    /// <summary><see cref="Resume"/> as a delegate, made once per pooled object.</summary>
    public Action ResumeAction => _resumeAction ??= Resume;

    /// <summary>The step method that awaits this one, or null if that is the context's root (or a foreign builder's method).</summary>
    public SuspendedMethod? Caller => (_continuationState as Action)?.Target as SuspendedMethod;

    private protected void SetContinuation(Action<object?> continuation, object? state)
    {
        _continuation = continuation;
        _continuationState = state;
    }

    private protected void ClearContinuation()
    {
        _continuation = null;
        _continuationState = null;
    }

    /// <summary>The method has returned or thrown: whoever awaits it goes on, on the same stack.</summary>
    private protected void RunContinuation() => _continuation?.Invoke(_continuationState);
}
