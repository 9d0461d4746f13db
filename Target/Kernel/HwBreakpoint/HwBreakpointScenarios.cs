using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>The scenarios of family HB.</summary>
internal static class HwBreakpointScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Hb01(), new Hb02(), new Hb03(), new Hb04(), new Hb05(), new Hb06(), new Hb07(), new Hb08(), new Hb09(), new Hb10(),
        new Hb11(), new Hb12(),
    ];
}
