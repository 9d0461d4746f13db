using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>The scenarios of family KG.</summary>
internal static class KgdbScenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [];
}
