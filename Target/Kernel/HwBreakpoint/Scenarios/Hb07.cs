using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-07: every CPU's IPI function rebuilds the global kdr7 in place, and another CPU loads it half built.</summary>
internal sealed class Hb07 : Scenario
{
    public override string Id => "HB-07";

    public override string Subject => "a CPU loads DR7 from a kdr7 that another CPU has just cleared, and loses its breakpoints";

    public override string Cure => "accumulate in a local temp_kdr7, store it once";

    public override string Participants => "3 CPUs: hardirq (the IPI function)";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "a switch of threads loads the kdr7 that another CPU is building"),
        new("fixed-a", false, "the same switch with the cure"),
    ];

    // K1 in register 3 and K2 in register 2, and what they add up to.
    private const ulong EncodingOfK1 = 0xD0000280;
    private const ulong Encoding = 0xD30002A0;

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool hasSwitch = variant.Name is "bad-a" or "fixed-a";
        Stage2630 stage = new(world, hasSwitch ? 2 : 3, new InterfaceForm { AccumulatesKdr7InPlace = !variant.HasFix });
        HardwareBreakpoint k2 = stage.MakeK2();
        stage.Hold(stage.MakeK1(), 3);
        stage.Kernel.Spawn("C0", 0, async c => await stage.Hw.Kernel.Register(c, k2));
        if (hasSwitch)
        {
            // C1 isn't in the IPI function: it switches to a thread, and loads kdr7.
            KernelTask next = stage.Kernel.Spawn("T", 1, c => Switch(c, stage));
            stage.Hold(next, stage.MakeUser("T's"), 0);
        }

        if (variant.HasFix)
        {
            SharedCell<ulong> kdr7 = stage.Tables.Kdr7(0);
            world.Always("kdr7 is what it was or what it will be", () => kdr7.Value is EncodingOfK1 or Encoding, kdr7);
        }

        world.AtEnd("every CPU has both kernel breakpoints armed",
            () => stage.Kernel.Cpus.All(cpu => (cpu.DebugRegisters.Value(7) & Encoding) == Encoding));
        world.Outcome(o =>
        {
            foreach (KernelCpu cpu in stage.Kernel.Cpus)
            {
                o.Add($"C{cpu.Number}.DR7", cpu.DebugRegisters.Value(7) & ~DebugRegisterFile.Dr7Reset);
            }
        });
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Switch(KernelContext c, Stage2630 stage)
    {
        bool irqs = await c.LocalIrqSave();
        await stage.Hw.Threads.Install(c, stage.Tables.Thread(c.Current!));
        await c.LocalIrqRestore(irqs);
        if (!stage.IsArmed(1, 3))
        {
            c.Fail("breakpoint lost", "C1 runs without K1, which was registered all the time");
        }
    }
}
