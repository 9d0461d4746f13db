using System.Runtime.CompilerServices;
using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>Contexts that a modelled CPU stacks are told apart and drawn inside each other.</summary>
public sealed class KernelContextTests
{
    private static readonly TestScenario Stacked = new("XS-95", SetUp);

    [Theory]
    [InlineData("softirq in a trap", "C0/0 C0 #BP/1 C0.timer hardirq/2 C0.timer softirq/3")]
    [InlineData("softirq in the task", "C0/0 C0.timer hardirq/1 C0.timer softirq/2")]
    public void Each_handler_is_a_frame_in_what_it_interrupted(string property, string expected)
    {
        ExplorationOptions options = new() { StopAtFirstViolation = false };
        CaseResult result = new(Stacked.Bad, options, Explorer.Explore(Stacked.Bad.Program, options), 0, Interrupted: false);
        Incident incident = Assert.Single(Incident.Of(result), found => found.Violation!.Property == property);
        StepRecord[] steps = [.. incident.Steps.TakeWhile(step => step.Step <= incident.FatalStep)];
        ContextSpan[] open = [.. ContextSpan.Of(steps, new Lanes(steps)).Where(span => span.Last == steps.Length - 1)];
        Assert.Equal(expected, string.Join(' ', open.Select(span => $"{span.Context}/{span.Depth}")));
    }

    private static void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 1, HasIpis = false });
        SharedCell<string> place = world.Cell("place", "before");
        kernel.Spawn("C0", 0, c => Trapping(c, place));
        kernel.AddInterrupt("C0.timer", 0, ContextKind.Hardirq, 1,
            async c => await c.Home.Softirqs.Raise(c, softirq => InSoftirq(softirq, place)));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Trapping(KernelContext c, SharedCell<string> place)
    {
        await place.Write(c, "in the task");
        await c.LocalStep();
        await c.Home.EnterTrap(c, ContextKind.Breakpoint);
        await place.Write(c, "in a trap");
        await c.LocalIrqEnable();
        await place.Write(c, "after");
        await c.Home.Leave(c);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask InSoftirq(KernelContext c, SharedCell<string> place)
    {
        c.Warn($"softirq {await place.Read(c)}", "");
        await c.LocalStep();
    }
}
