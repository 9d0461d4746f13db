using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-01: unregister sends IPIs without waiting for them, and gives the register away meanwhile.</summary>
internal sealed class Hb01 : Scenario
{
    public override string Id => "HB-01";

    public override string Subject => "a CPU that has not been told yet runs a breakpoint whose register and memory are somebody else's already";

    public override string Cure => "wait = 1, and hbp_kernel_pos++ only after on_each_cpu() has returned";

    public override string Participants => "2 CPUs: task; #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "a thread's breakpoint gets that register, and is called for the kernel's hit"),
        new("fixed-a", false, "the same thread with the cure"),
        new("bad-b", true, "wait = 1 but the position moved first: the IPI function skips the entry, which dangles"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, variant.Name switch
        {
            "bad-b" => new InterfaceForm { MovesPositionEarly = true },
            _ => new InterfaceForm { IpisAreNotAwaited = !variant.HasFix },
        });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Hold(k, 3);
        if (variant.Name is "bad-a" or "fixed-a")
        {
            HardwareBreakpoint mine = stage.MakeUser("mine");
            KernelTask traced = stage.Kernel.Spawn("T", 1, async c => await stage.Store(c, Stage2630.Address1));
            FillLowRegisters(stage, stage.Tables.Thread(traced));
            stage.Kernel.Spawn("C0", 0, c => UnregisterAndTrace(c, stage, k, stage.Tables.Thread(traced), mine));
            return;
        }

        stage.Kernel.Spawn("C0", 0, c => UnregisterAndFree(c, stage, k));
        stage.Kernel.Spawn("C1", 1, async c => await stage.Store(c, Stage2630.Address1));
        if (variant.Name == "bad-b")
        {
            world.AtEnd("no CPU's table has an entry that was unregistered", () => stage.Tables.Loaded(1)[3].Value is null);
            return;
        }

        world.Always("a register below hbp_kernel_pos is no CPU's for the kernel",
            () => stage.Tables.Position.Value <= 3 || (stage.Tables.Loaded(1)[3].Value is null && !stage.IsArmed(1, 3)),
            stage.Tables.Position, stage.Tables.Loaded(1)[3], stage.Dr7(1));
    }

    /// <summary>Registers 0 to 2 are in use, so that the thread's next breakpoint takes the register just given up.</summary>
    private static void FillLowRegisters(Stage2630 stage, ThreadBreakpoints thread)
    {
        for (int i = 0; i < 3; i++)
        {
            thread.Breakpoints[i].Commit(stage.MakeUser($"other{i}"));
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask UnregisterAndFree(KernelContext c, Stage2630 stage, HardwareBreakpoint bp)
    {
        await stage.Hw.Kernel.Unregister(c, bp);
        c.Line("kfree(bp);");
        await bp.Free(c);
    }

    /// <summary>A tracer on C0 asks for a breakpoint of T, which runs on C1 and gets the register just given up.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask UnregisterAndTrace(
        KernelContext c, Stage2630 stage, HardwareBreakpoint k, ThreadBreakpoints traced, HardwareBreakpoint mine)
    {
        await stage.Hw.Kernel.Unregister(c, k);
        await stage.Hw.Threads.Register(c, traced, mine);
    }
}
