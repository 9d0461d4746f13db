using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.Kprobes;

/// <summary>The scenarios of family KP.</summary>
internal static class KprobesScenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [new Kp03(), new Kp04(), new Kp08()];
}
