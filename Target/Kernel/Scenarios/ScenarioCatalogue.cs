using KgdbSim.Target.Kernel.Between;
using KgdbSim.Target.Kernel.HwBreakpoint;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Kprobes;
using KgdbSim.Target.Kernel.Markers;
using KgdbSim.Target.Kernel.TextPatching;

namespace KgdbSim.Target.Kernel.Scenarios;

/// <summary>Every scenario there is, in the order of families and numbers.</summary>
public sealed class ScenarioCatalogue
{
    private readonly Scenario[] _scenarios =
    [
        .. HwBreakpointScenarios.All,
        .. TextPatchingScenarios.All,
        .. MarkersScenarios.All,
        .. KprobesScenarios.All,
        .. KgdbScenarios.All,
        .. BetweenScenarios.All,
    ];

    /// <summary>All of them.</summary>
    public IReadOnlyList<Scenario> All => _scenarios;

    /// <summary>The scenario with this id in any letter case, or null.</summary>
    public Scenario? Find(string id) =>
        Array.Find(_scenarios, scenario => scenario.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The scenarios of a family by its prefix in any letter case; empty if there is no such family.</summary>
    public IEnumerable<Scenario> OfFamily(string prefix) =>
        _scenarios.Where(scenario => scenario.Family.Prefix.Equals(prefix, StringComparison.OrdinalIgnoreCase));
}
