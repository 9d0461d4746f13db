namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>How the builder, which doesn't know the state machine's type once it is parked, ends the method.</summary>
internal interface IParkedMethod<TResult>
{
    /// <summary>The method returned.</summary>
    void SetResult(TResult result);

    /// <summary>The method threw.</summary>
    void SetException(Exception exception);
}
