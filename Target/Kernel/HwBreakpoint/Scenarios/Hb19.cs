using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-19: current has changed, the registers have not.</summary>
internal sealed class Hb19 : Scenario
{
    public override string Id => "HB-19";

    public override string Subject =>
        "a hit of the previous thread's breakpoint between the two is given to the next thread, which has one in the same register";

    public override string Cure =>
        "none in the thread: on disagreement current is right; disarmed registers during the switch would do";

    public override string Participants => "1 CPU: switch of tasks; #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        new("bad", true, "as merged: known weakness, tolerated"),
        new("fixed", false, "the previous thread's registers are disarmed first"),
        new("bad-a", true, "registers first, current afterwards: the next thread's hit goes to the previous one"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, InterfaceForm.Merged);

        // U is only what current becomes; it has nothing to do by itself.
        KernelTask next = stage.Kernel.Spawn("U", 1, static _ => ValueTask.CompletedTask);
        KernelTask previous = stage.Kernel.Spawn("T", 0, c => SwitchTo(c, stage, next, variant.Name));
        HardwareBreakpoint ofPrevious = Traced(stage, "T's", Stage2630.UserAddress);
        stage.Hold(previous, ofPrevious, 0);
        stage.Hold(next, Traced(stage, "U's", Stage2630.UserAddress + 0x100), 0);
        stage.Arm(0, 0, ofPrevious.Info.Value);
        ThreadBreakpoints ofNext = stage.Tables.Thread(next);
        ThreadBreakpoints ofFirst = stage.Tables.Thread(previous);
        world.AtEnd("a signal goes to who watches the address", () => ofNext.Signals.Value == 0 && ofFirst.Signals.Value == 0);
    }

    private static HardwareBreakpoint Traced(Stage2630 stage, string name, ulong address)
    {
        HardwareBreakpoint bp = stage.Make(name, new BreakpointInfo(address, 0x4C, 0x81));
        bp.Triggered = async (c, _, _) =>
        {
            ThreadBreakpoints thread = stage.Tables.Current(c.Home);
            await thread.DebugReg6.Write(c, await thread.DebugReg6.Read(c) | 1);
        };
        return bp;
    }

    /// <summary>__switch_to(), and in its middle an access of the kernel to what a thread watches.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask SwitchTo(KernelContext c, Stage2630 stage, KernelTask next, string variant)
    {
        bool irqs = await c.LocalIrqSave();
        ThreadBreakpoints thread = stage.Tables.Thread(next);
        if (variant == "fixed")
        {
            await stage.Hw.Threads.Uninstall(c);
        }
        else if (variant == "bad-a")
        {
            await stage.Hw.Threads.Install(c, thread);
            await stage.Store(c, Stage2630.UserAddress + 0x100);
        }

        c.Line("percpu_write(current_task, next_p);");
        await new Step<SwitchCurrent, Nothing>(c, new SwitchCurrent(next));
        await stage.Store(c, Stage2630.UserAddress);
        await stage.Hw.Threads.Install(c, thread);
        await c.LocalIrqRestore(irqs);
    }
}
