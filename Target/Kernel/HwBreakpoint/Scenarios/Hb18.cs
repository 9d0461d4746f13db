using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-18: the handler ends with the DR7 that it saved.</summary>
internal sealed class Hb18 : Scenario
{
    public override string Id => "HB-18";

    public override string Subject => "a callback that takes its breakpoint away finds it armed again after the handler";

    public override string Cure =>
        "end with what kdr7 and the thread want (in the perf layer: cpu_dr7, or leave DR7 to the entry code)";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "the perf layer of 2.6.33"),
        new("fixed-a", false, "the perf layer with the change of January 2010"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        if (variant.Name is "bad-a" or "fixed-a")
        {
            SetUpPerf(world, variant.HasFix);
            return;
        }

        Stage2630 stage = new(world, 1, new InterfaceForm { RecomputesDr7 = variant.HasFix });
        HardwareBreakpoint k = stage.MakeK1();
        k.Triggered = async (c, _, _) =>
        {
            // A debugger: no lock, everybody else is stopped.
            await stage.Tables.Kernel[3].Write(c, null);
            await stage.Hw.Kernel.Update(c);
        };
        stage.Hold(k, 3);
        stage.Kernel.Spawn("C0", 0, async c => await stage.Store(c, Stage2630.Address1));
        world.AtEnd("no register is armed for nobody", () => !stage.IsArmed(0, 3));
    }

    private static void SetUpPerf(World world, bool restoresWanted)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 1, HasIpis = false });
        PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { Handler = restoresWanted ? HandlerForm.KgdbAsPosted : HandlerForm.Linux2633 });
        PerfBreakpoint bp = new(kernel, "K", new BreakpointAttributes(Stage2630.Address1, 4, BreakpointType.Write), 0, null);
        bp.OverflowHandler = (c, self, _) => perf.Cpu(0).Uninstall(c, self);
        SlotInvariants invariants = new(kernel, perf);
        kernel.Spawn("C0", 0, async c =>
        {
            await perf.RegisterCpu(c, bp);
            await c.Home.EnterTrap(c, ContextKind.Debug);
            await perf.HandleDebug(c, new DieArgs { Registers = new KernelRegisters(), Dr6 = 1, HasDr6 = true });
            await c.Home.Leave(c);
        });
        world.AtEnd("no register is armed for nobody", () => invariants.ArmedIsOwned(0));
    }
}
