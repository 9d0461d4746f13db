using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>The scenarios of family HB.</summary>
internal static class HwBreakpointScenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [new Hb03(), new Hb07()];
}
