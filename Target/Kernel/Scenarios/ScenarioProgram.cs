using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Scenarios;

/// <summary>One variant of a scenario as explorers take it.</summary>
internal sealed class ScenarioProgram(Scenario scenario, ScenarioVariant variant) : IProgram
{
    public string Name { get; } = $"{scenario.Id}/{variant.Name}";

    public void SetUp(World world) => scenario.SetUp(world, variant);
}
