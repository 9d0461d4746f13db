using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-02: a CPU holds the lock and waits for an IPI to be handled, another spins on the lock and can't handle it.</summary>
internal sealed class Hb02 : Scenario
{
    public override string Id => "HB-02";

    public override string Subject =>
        "one CPU waits for the other's IPI handler with hw_breakpoint_lock held, the other wants the lock with interrupts off";

    public override string Cure => "the lock is taken with interrupts on only: lock first, then local_irq_save";

    public override string Participants => "2 CPUs: task; task with interrupts off";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "both CPUs call with interrupts off: each waits for the other, lock or not"),
        new("bad-b", true, "a callback takes the lock inside the #DB handler"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm { LoadsWithIrqsOff = variant.Name == "bad" });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Kernel.Spawn("C0", 0, c => Register(c, stage, k, variant.Name == "bad-a"));
        switch (variant.Name)
        {
            case "bad-a":
                stage.Kernel.Spawn("C1", 1, c => Register(c, stage, stage.MakeK2(), true));
                break;
            case "bad-b":
                stage.Hold(stage.MakeK2(), 3);
                stage.Tables.Kernel[3].Value!.Triggered = async (c, _, _) =>
                {
                    await stage.Tables.Lock.Lock(c);
                    await stage.Tables.Lock.Unlock(c);
                };
                stage.Kernel.Spawn("C1", 1, async c => await stage.Store(c, Stage2630.Address2));
                break;
            default:
                stage.Kernel.Spawn("C1", 1, c => stage.Hw.Kernel.LoadDebugRegisters(c, stage.Hw.Threads));
                break;
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Register(KernelContext c, Stage2630 stage, HardwareBreakpoint k, bool withIrqsOff)
    {
        bool irqs = withIrqsOff && await c.LocalIrqSave();
        await stage.Hw.Kernel.Register(c, k);
        if (withIrqsOff)
        {
            await c.LocalIrqRestore(irqs);
        }
    }
}
