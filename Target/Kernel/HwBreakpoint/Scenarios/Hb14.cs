using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-14: a breakpoint is changed by unregistering and registering it.</summary>
internal sealed class Hb14 : Scenario
{
    public override string Id => "HB-14";

    public override string Subject =>
        "between the two, another takes the register, and the tracer's change fails and has lost the breakpoint";

    public override string Cure => "modify in place, under the lock: the register never changes hands";

    public override string Participants => "2 CPUs: task (ptrace); task";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "the perf layer before December 2009"),
        new("fixed-a", false, "the perf layer since"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        if (variant.Name is "bad-a" or "fixed-a")
        {
            SetUpPerf(world, variant.HasFix);
            return;
        }

        // The kernel has registers 1 to 3; T has register 0.
        Stage2630 stage = new(world, 2, new InterfaceForm { ReregistersToModify = !variant.HasFix, StoresBeforeModify = true });
        PtraceRegisters ptrace = new(stage.Kernel, stage.Tables, stage.Hw.Threads, new InfoValidator());
        HardwareBreakpoint k = stage.MakeK1();
        KernelTask traced = stage.Kernel.Spawn("T", 0, async c =>
        {
            // From writes to reads and writes.
            Errno result = await ptrace.Write(c, stage.Tables.Current(c.Home), 7, 0x000F0001);
            if (result != Errno.None)
            {
                c.Fail("breakpoint lost", $"changing a breakpoint yields {result}");
            }
        });
        stage.Tables.Position.Commit(1);
        stage.Hold(traced, stage.MakeUser("T's"), 0);
        stage.Tables.Thread(traced).PtraceDr7.Commit(0x000D0001);
        stage.Kernel.Spawn("C1", 1, async c =>
        {
            if (await stage.Hw.Kernel.Register(c, k) == Errno.None)
            {
                c.Fail("register stolen", "the kernel got the register of a breakpoint that is being changed");
            }
        });
    }

    /// <summary>The same in the perf layer, which had the same defect until December 2009.</summary>
    private static void SetUpPerf(World world, bool inPlace)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 2 });
        PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { ModifiesInPlace = inPlace });
        BreakpointAttributes attributes = new(Stage2630.UserAddress, 4, BreakpointType.Write) { IsDisabled = true };
        PerfBreakpoint[] others = [.. Enumerable.Range(0, 3).Select(i => new PerfBreakpoint(kernel, $"other{i}", attributes, 0, null))];
        PerfBreakpoint changed = new(kernel, "changed", attributes, 0, null);
        PerfBreakpoint rival = new(kernel, "rival", attributes, 0, null);
        SharedCell<bool> isReady = world.Cell("ready", false);
        kernel.Spawn("C0", 0, async c =>
        {
            foreach (PerfBreakpoint other in others)
            {
                await perf.Slots.Reserve(c, other);
            }

            await perf.RegisterCpu(c, changed);
            await isReady.Write(c, true);
            Errno result = await perf.ModifyUser(c, changed, attributes with { Type = BreakpointType.ReadWrite }, true);
            if (result != Errno.None)
            {
                c.Fail("breakpoint lost", $"changing a breakpoint yields {result}");
            }
        });
        kernel.Spawn("C1", 1, async c =>
        {
            await isReady.WaitUntil(c, static ready => ready);
            if (await perf.Slots.Reserve(c, rival) == Errno.None)
            {
                c.Fail("slot stolen", "another got the slot of a breakpoint that is being changed");
            }
        });
    }
}
