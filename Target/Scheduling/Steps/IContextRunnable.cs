using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A runnable whose next step belongs to a context. An explorer looks at what that context waits for, when nobody can go on.
/// </summary>
public interface IContextRunnable : IRunnable
{
    /// <summary>The context whose step is next, or null if there is none.</summary>
    StepContext? NextContext { get; }
}
