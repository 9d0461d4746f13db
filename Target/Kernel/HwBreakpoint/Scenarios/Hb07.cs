using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-07: every CPU's IPI function rebuilds the global kdr7 in place, and another CPU loads it half built.</summary>
internal sealed class Hb07 : Scenario
{
    // K1: register 3, write, 4 bytes; K2: register 2, read and write, 1 byte.
    private const ulong EncodingOfK1 = 0xD0000280;
    private const ulong EncodingOfK2 = 0x03000220;

    public override string Id => "HB-07";

    public override string Subject => "a CPU loads DR7 from a kdr7 that another CPU has just cleared, and loses its breakpoints";

    public override string Cure => "accumulate in a local temp_kdr7, store it once";

    public override string Participants => "3 CPUs: hardirq (the IPI function)";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        SharedCell<ulong> kdr7 = world.Cell("kdr7", EncodingOfK1);
        SharedCell<ulong>[] dr7 = new SharedCell<ulong>[3];
        bool local = variant.HasFix;
        for (int cpu = 0; cpu < dr7.Length; cpu++)
        {
            SharedCell<ulong> own = dr7[cpu] = world.Cell($"C{cpu}.DR7", EncodingOfK1);
            world.Spawn($"C{cpu}", local ? t => UpdateOnce(t, kdr7, own) : t => UpdateInPlace(t, kdr7, own));
        }

        world.AtEnd("every CPU has both kernel breakpoints armed",
            () => Array.TrueForAll(dr7, value => value.Value == (EncodingOfK1 | EncodingOfK2)));
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
        ulong value = EncodingOfK1 | EncodingOfK2;
        await t.LocalStep();
        t.Line("kdr7 = temp_kdr7;");
        await kdr7.Write(t, value);
        t.Line("set_debugreg(kdr7 | current->thread.debugreg7, 7);");
        await dr7.Write(t, await kdr7.Read(t));
    }
}
