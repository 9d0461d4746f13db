namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>Who wants to know what each step depends on: the partial-order reduction, or a test.</summary>
internal interface IStepRecorder
{
    /// <summary>The number of the step being taken, counted from 0; -1 before the first.</summary>
    int CurrentEvent { get; }

    /// <summary>The current step uses <paramref name="location"/>.</summary>
    void Touch(int location, AccessKind kind);

    /// <summary>How the current step uses <paramref name="location"/> depends on its content.</summary>
    /// <param name="location">Where.</param>
    /// <param name="access">Can tell how, during this step.</param>
    void Condition(SharedLocation location, IConditionalAccess access);

    /// <summary>The current step comes after step <paramref name="earlier"/>, which enabled it for good (-1: nothing did).</summary>
    void Follow(int earlier);

    /// <summary>The current step is one <paramref name="context"/> had been waiting to take.</summary>
    void Waited(StepContext context);
}
