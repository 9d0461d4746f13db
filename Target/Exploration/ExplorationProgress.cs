namespace KgdbSim.Target.Exploration;

/// <summary>How far an exploration has come. It knows no time: whoever watches divides by the seconds.</summary>
/// <param name="ExecutionCount">Complete executions so far.</param>
/// <param name="StepCount">Steps so far.</param>
/// <param name="FrontierCount">Subtrees known and not yet entered; 0 for strategies without a tree.</param>
/// <param name="FractionDone">
/// A guess, from 0 to 1: for a tree walk it assumes that all branches weigh the same and no more turn up, so it is too high at
/// first. NaN if there is no end.
/// </param>
public readonly record struct ExplorationProgress(
    long ExecutionCount, long StepCount, long FrontierCount, double FractionDone);
