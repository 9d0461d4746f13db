using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>A report with what is hard to draw: contexts in contexts, long lines, markup, a violation without a step.</summary>
internal static class SamplePage
{
    private const string LongLine =
        "if (atomic_read(&kgdb_cpu_doing_single_step) != -1 && user_mode(regs) && regs->ip == breakinfo[i].addr) return <NOTIFY> & \"more\";";

    /// <summary>Its violations.</summary>
    public static IReadOnlyList<Incident> Incidents { get; } =
    [
        TestScenario.LostIncrementIncident(),
        TestScenario.Made(
            TestScenario.At(0, 0, "task", "x", "x = 1;"),
            TestScenario.At(1, 0, "hardirq (IPI)", "hw_breakpoint_slots", LongLine),
            TestScenario.At(2, 0, "NMI", "x", null),
            TestScenario.At(3, 1, "C1", "x", "x = 2;"),
            TestScenario.At(4, 0, "NMI", "x", "nmi_exit();"),
            TestScenario.At(5, 0, "hardirq (IPI)", "x", null),
            TestScenario.At(5, 0, "hardirq (IPI)", "y", null),
            TestScenario.At(6, 0, "task", "x", null),
            TestScenario.At(7, 0, "softirq", "x", null),
            TestScenario.At(8, 0, "task", "x", "\u0001control\u001b"),
            new StepRecord(9, "apic timer", "step", "", "", null),
            TestScenario.At(10, 1, "C1", "x", "kfree(p);")),
        TestScenario.Made(),
    ];

    /// <summary>The page.</summary>
    public static byte[] Write()
    {
        TestScenario scenario = TestScenario.LostIncrement("XS-90");
        CaseResult[] results = [Explore(scenario.Bad), Explore(scenario.Fixed)];
        return HtmlReport.Write("kgdbsim explore <XS>", results, Incidents);
    }

    private static CaseResult Explore(ScenarioCase which) =>
        new(which, new ExplorationOptions(), Explorer.Explore(which.Program, new ExplorationOptions()), 0.25, Interrupted: false);
}
