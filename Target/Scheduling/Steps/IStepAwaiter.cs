namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>An awaiter that parks a method's state itself instead of being handed a delegate.</summary>
internal interface IStepAwaiter
{
    /// <summary>Announces the step and leaves <paramref name="method"/> with the context, to be resumed by the scheduler.</summary>
    void Suspend(SuspendedMethod method);
}
