using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.TextPatching;

/// <summary>The scenarios of family TP.</summary>
internal static class TextPatchingScenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [new Tp02(), new Tp04(), new Tp05()];
}
