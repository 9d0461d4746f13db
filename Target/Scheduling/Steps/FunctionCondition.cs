namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>The condition that is a function object given as the wait's argument.</summary>
internal sealed class FunctionCondition : IWaitCondition
{
    public static readonly FunctionCondition Instance = new();

    public bool Holds(StepContext context) => ((Func<bool>)context.WaitArgument!)();
}
