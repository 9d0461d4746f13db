using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>One variant of one scenario: what is explored, and what a token belongs to.</summary>
internal sealed record ScenarioCase(Scenario Scenario, ScenarioVariant Variant)
{
    /// <summary>What explorers run.</summary>
    public IProgram Program { get; } = Scenario.Program(Variant);

    /// <summary>As tokens name it: "HB-07/bad".</summary>
    public string Name => Program.Name;

    /// <summary>Whether that is what the scenario is there to show.</summary>
    public bool IsExpected(Verdict verdict) =>
        Variant.IsViolated ? verdict == Verdict.Violated : verdict is Verdict.Exhausted or Verdict.Bounded;
}
