using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.Between;

/// <summary>The scenarios of family XS.</summary>
internal static class BetweenScenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [new Xs02(), new Xs04(), new Xs07(), new Xs08()];
}
