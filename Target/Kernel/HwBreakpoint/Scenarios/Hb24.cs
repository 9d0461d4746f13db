using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-24: slots of the perf layer are counted while others count.</summary>
internal sealed class Hb24 : Scenario
{
    public override string Id => "HB-24";

    public override string Subject => "two CPUs find the last slot free, and both get it";

    public override string Cure => "bp_cpuinfo_sem: CPU breakpoints count as writers, tasks' as readers with the task's mutex";

    public override string Participants => "2 CPUs: task; task";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "one of them is a task's, which counts under another lock"),
        new("fixed-a", false, "the same with the cure"),
        new("fixed-b", false, "a debugger stops the CPU anywhere: it reserves, or is refused while somebody counts"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false });
        PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { LocksSlots = variant.HasFix });
        SharedCell<int> served = world.Cell("served", 0);
        PerfBreakpoint[] held = [.. Enumerable.Range(0, 3).Select(i => Make(kernel, $"held{i}", null))];
        PerfBreakpoint first = Make(kernel, "first", null);
        PerfBreakpoint second = Make(kernel, "second", null);
        SharedCell<bool> isReady = world.Cell("ready", false);
        PerfBreakpoint? ofTask = null;
        InterruptSource? debugger = null;
        KernelTask task = kernel.Spawn("T", 1, c => Second(c));
        perf.Tasks.Of(task);

        // A debugger stops everybody where he is, and can't wait for any of them.
        debugger = variant.Name != "fixed-b" ? null : kernel.AddInterrupt("C0.kgdb", 0, ContextKind.Nmi, 0, async c =>
        {
            Errno result = await perf.Slots.DbgReserve(c, second);
            await served.FetchAdd(c, result == Errno.None ? 1 : 0);
        });
        ofTask = Make(kernel, "of T", task);
        kernel.Spawn("C0", 0, async c =>
        {
            foreach (PerfBreakpoint bp in held)
            {
                await perf.Slots.Reserve(c, bp);
            }

            await isReady.Write(c, true);
            if (debugger is not null)
            {
                await debugger.Raise(c);
            }

            await Reserve(c, perf, first, served);
        });
        SlotInvariants invariants = new(kernel, perf);
        world.AtEnd("exactly one gets the last slot", () => served.Value == 1);
        world.AtEnd("nobody was promised more than there is", invariants.PromisesFit);

        async ValueTask Second(KernelContext c)
        {
            if (debugger is null)
            {
                await isReady.WaitUntil(c, static ready => ready);
                await Reserve(c, perf, variant.Name is "bad-a" or "fixed-a" ? ofTask! : second, served);
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Reserve(KernelContext c, PerfBreakpoints perf, PerfBreakpoint bp, SharedCell<int> served)
    {
        Errno result = await perf.Slots.Reserve(c, bp);
        if (result is not (Errno.None or Errno.NoSpace))
        {
            c.Fail("slot accounting", $"reserving yields {result}");
        }

        await served.FetchAdd(c, result == Errno.None ? 1 : 0);
    }

    private static PerfBreakpoint Make(KernelModel kernel, string name, KernelTask? task) =>
        new(kernel, name, new BreakpointAttributes(Stage2630.UserAddress, 4, BreakpointType.Write), task is null ? 0 : null, task);
}
