using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>To be told several times a second how far an exploration has come, in so much time.</summary>
internal delegate void ProgressSink(ExplorationProgress progress, TimeSpan elapsed);

/// <summary>Who shows explorations while they run.</summary>
internal interface IExplorationView
{
    /// <summary>Lets a variant be explored, and shows its progress and its result.</summary>
    CaseResult Watch(ScenarioCase which, Func<ProgressSink, CaseResult> explore);
}
