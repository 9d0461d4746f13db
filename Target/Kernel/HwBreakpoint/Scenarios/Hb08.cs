using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-08: kdr7 is new, the addresses of a CPU that has not had its IPI are old.</summary>
internal sealed class Hb08 : Scenario
{
    public override string Id => "HB-08";

    public override string Subject => "a switch of threads arms a register for the kernel whose address register still holds something else";

    public override string Cure => "kdr7 per CPU, written in the IPI function (nobody wrote that)";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "unregistering moves an entry: one breakpoint's address with another's length and type"),
        new("fixed-a", false, "the same with the cure"),
    ];

    public override string Participants => "2 CPUs: hardirq; switch of tasks";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm { HasKdr7PerCpu = variant.HasFix });
        HardwareBreakpoint k1 = stage.MakeK1();
        HardwareBreakpoint k2 = stage.MakeK2();
        stage.Hold(k1, 3);
        if (variant.Name is "bad-a" or "fixed-a")
        {
            // K2 moves from register 2 to 3.
            stage.Hold(k2, 2);
            stage.Kernel.Spawn("C0", 0, c => stage.Hw.Kernel.Unregister(c, k1));
        }
        else
        {
            stage.Kernel.Spawn("C0", 0, async c => await stage.Hw.Kernel.Register(c, k2));
        }

        KernelTask next = stage.Kernel.Spawn("T", 1, c => Switch(c, stage));
        stage.Hold(next, stage.MakeUser("T's"), 0);
        KernelCpu cpu = stage.Kernel.Cpus[1];
        world.Always("a register armed for the kernel has an entry in its CPU's table",
            () => !cpu.Control.IrqsEnabled || !stage.IsArmed(1, 2) || stage.Tables.Loaded(1)[2].Value is not null,
            cpu.ControlCell, stage.Tables.Loaded(1)[2], stage.Dr7(1));
        world.Always("length and type in DR7 are those of the address beside them",
            () => !cpu.Control.IrqsEnabled || stage.IsLoaded(1, k1, 3) || stage.IsLoaded(1, k2, 3),
            cpu.ControlCell, cpu.DebugRegisters.Cell(3), stage.Dr7(1));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Switch(KernelContext c, Stage2630 stage)
    {
        bool irqs = await c.LocalIrqSave();
        await stage.Hw.Threads.Install(c, stage.Tables.Thread(c.Current!));
        await c.LocalIrqRestore(irqs);

        // What DR2 held before: a hit here is nobody's.
        await stage.Store(c, 0);
    }
}
