using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-17: a CPU starts while breakpoints are registered.</summary>
internal sealed class Hb17 : Scenario
{
    public override string Id => "HB-17";

    public override string Subject =>
        "a starting CPU loads its registers, then is told nothing of what is registered before it counts as online";

    public override string Cure =>
        "after being online and with interrupts on: lock, interrupts off, load, interrupts on, unlock";

    public override string Participants => "2 CPUs: task; start of a CPU";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "online, but without the lock: it reads a table whose entries are being moved, and has one of them twice"),
        new("fixed-a", false, "entries are moved, with the cure"),
        new("bad-b", true, "it takes the lock with interrupts off"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm
        {
            LoadsBeforeOnline = variant.Name == "bad", LoadsUnlocked = variant.Name == "bad-a", LoadsWithIrqsOff = variant.Name == "bad-b",
        });
        stage.Kernel.Online.Commit(1);
        bool unregisters = variant.Name is "bad-a" or "fixed-a";
        HardwareBreakpoint k1 = stage.MakeK1();
        HardwareBreakpoint k2 = stage.MakeK2();
        if (unregisters)
        {
            stage.Hold(k1, 3);
            stage.Hold(k2, 2);
            stage.Kernel.Cpus[1].DebugRegisters.Set(7, 0);
        }

        stage.Kernel.Spawn("C0", 0, async c =>
        {
            if (unregisters)
            {
                await stage.Hw.Kernel.Unregister(c, k1);
            }
            else
            {
                await stage.Hw.Kernel.Register(c, k1);
            }
        });
        stage.Kernel.Spawn("C1", 1, c => StartSecondary(c, stage));
        HardwareBreakpoint left = unregisters ? k2 : k1;
        world.AtEnd("the new CPU's registers are those of the table",
            () => stage.IsLoaded(1, left, 3) && !stage.IsArmed(1, 2) && ReferenceEquals(stage.Tables.Loaded(1)[3].Value, left));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask StartSecondary(KernelContext c, Stage2630 stage)
    {
        if (stage.Tables.Form.LoadsBeforeOnline)
        {
            await stage.Hw.Kernel.LoadDebugRegisters(c, stage.Hw.Threads);
        }

        c.Line("set_cpu_online(smp_processor_id(), true);");
        await stage.Kernel.Online.FetchOr(c, 2UL);
        if (!stage.Tables.Form.LoadsBeforeOnline)
        {
            await stage.Hw.Kernel.LoadDebugRegisters(c, stage.Hw.Threads);
        }

        // Loaded in the middle of a shift, a breakpoint is in two registers.
        int before = stage.Calls[1].Value;
        if (await stage.Store(c, Stage2630.Address2) && stage.Calls[1].Value != before + 1)
        {
            c.Fail("hit handled twice", $"one access to K2 has called it {stage.Calls[1].Value - before} times");
        }
    }
}
