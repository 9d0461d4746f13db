namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// Ends a task of a model after it has reported why (<see cref="StepContext.Fail"/>): a kernel that oopses doesn't go on.
/// </summary>
internal sealed class ReportedException : Exception
{
    public ReportedException(string message) : base(message)
    {
    }
}
