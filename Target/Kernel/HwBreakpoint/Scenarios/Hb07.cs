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
        new("bad-interface", true, "the same within the whole interface of 2009: registration, lock, IPIs"),
        new("fixed-interface", false, "the whole interface with the cure"),
        new("bad-switch", true, "a switch of threads loads the kdr7 that another CPU is building"),
        new("fixed-switch", false, "the same switch with the cure"),
    ];

    // K1 in register 3 and K2 in register 2, and what they add up to.
    private const ulong EncodingOfK1 = 0xD0000280;
    private const ulong EncodingOfK2 = 0x03000220;
    private const ulong Encoding = 0xD30002A0;

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        if (variant.Name is "bad" or "fixed")
        {
            SetUpRace(world, variant.HasFix);
            return;
        }

        bool hasSwitch = variant.Name.EndsWith("switch", StringComparison.Ordinal);
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

    /// <summary>Nothing but the IPI function, on three CPUs at once.</summary>
    private static void SetUpRace(World world, bool isLocal)
    {
        SharedCell<ulong> kdr7 = world.Cell("kdr7", EncodingOfK1);
        SharedCell<ulong>[] dr7 = new SharedCell<ulong>[3];
        for (int cpu = 0; cpu < dr7.Length; cpu++)
        {
            SharedCell<ulong> own = dr7[cpu] = world.Cell($"C{cpu}.DR7", EncodingOfK1);
            world.Spawn($"C{cpu}", isLocal ? t => UpdateOnce(t, kdr7, own) : t => UpdateInPlace(t, kdr7, own));
        }

        world.AtEnd("every CPU has both kernel breakpoints armed", () => Array.TrueForAll(dr7, value => value.Value == Encoding));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask UpdateInPlace(StepContext t, SharedCell<ulong> kdr7, SharedCell<ulong> dr7)
    {
        t.Line("kdr7 = 0;");
        await kdr7.Write(t, 0);
        t.Line("kdr7 |= encode_dr7(i, bp->info.len, bp->info.type);");
        await kdr7.Write(t, await kdr7.Read(t) | EncodingOfK1);
        await kdr7.Write(t, await kdr7.Read(t) | EncodingOfK2);
        t.Line("set_debugreg(kdr7 | current->thread.debugreg7, 7);");
        await dr7.Write(t, await kdr7.Read(t));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask UpdateOnce(StepContext t, SharedCell<ulong> kdr7, SharedCell<ulong> dr7)
    {
        t.Line("temp_kdr7 |= encode_dr7(i, bp->info.len, bp->info.type);");
        await t.LocalStep();
        t.Line("kdr7 = temp_kdr7;");
        await kdr7.Write(t, Encoding);
        t.Line("set_debugreg(kdr7 | current->thread.debugreg7, 7);");
        await dr7.Write(t, await kdr7.Read(t));
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
