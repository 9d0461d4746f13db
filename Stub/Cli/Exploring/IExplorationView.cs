using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>Who shows explorations while they run.</summary>
internal interface IExplorationView
{
    /// <summary>A variant is taken up.</summary>
    void Begin(ScenarioCase which);

    /// <summary>It has come so far in so much time; called several times a second.</summary>
    void Advance(ExplorationProgress progress, TimeSpan elapsed);

    /// <summary>It is done with.</summary>
    void End(CaseResult result);
}
