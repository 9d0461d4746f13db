using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>The scenarios of family HB.</summary>
internal static class HwBreakpointScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Hb01(), new Hb02(), new Hb03(), new Hb04(), new Hb05(), new Hb06(), new Hb07(), new Hb08(), new Hb09(), new Hb10(),
        new Hb11(), new Hb12(), new Hb13(), new Hb14(), new Hb15(), new Hb16(), new Hb17(), new Hb18(), new Hb19(), new Hb20(),
        new Hb21(), new Hb22(), new Hb23(), new Hb24(),
    ];
}
