using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.Markers;

/// <summary>The scenarios of family MK.</summary>
internal static class MarkersScenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [new Mk03()];
}
