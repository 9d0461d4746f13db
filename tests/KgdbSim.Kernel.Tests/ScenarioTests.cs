using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Kernel.Tests;

/// <summary>Every scenario of the catalogue: bad forms are caught and replay, cured ones have no violation.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Programs()
    {
        TheoryData<string> data = [];
        foreach (Scenario scenario in new ScenarioCatalogue().All)
        {
            foreach (ScenarioVariant variant in scenario.Variants)
            {
                data.Add($"{scenario.Id}/{variant.Name}");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Its_verdict_is_as_expected(string program)
    {
        string[] parts = program.Split('/');
        Scenario scenario = new ScenarioCatalogue().Find(parts[0])!;
        ScenarioVariant variant = scenario.Variants.Single(candidate => candidate.Name == parts[1]);
        ScenarioBounds bounds = scenario.Bounds;
        ExplorationOptions options = new()
        {
            Memory = scenario.Memory,
            ExecutionCountMax = bounds.ExecutionCountMax,
            StepCountMax = bounds.StepCountMax,
        };

        ExplorationReport report = Explorer.Explore(scenario.Program(variant), options);

        if (variant.IsViolated)
        {
            Assert.True(report.Verdict == Verdict.Violated, $"{report}\n  repeat: kgdbsim explore {parts[0]} --variant {parts[1]}");
            Counterexample found = report.Counterexamples[0];
            ReplayResult replay = Explorer.Replay(scenario.Program(variant), found.Token.ToString());
            Assert.Contains(replay.Violations, violation => violation.Property == found.Violation.Property);
        }
        else
        {
            Assert.True(report.Verdict is Verdict.Exhausted or Verdict.Bounded, $"{report}\n  repeat: kgdbsim explore {parts[0]} --variant {parts[1]}");
        }
    }
}
