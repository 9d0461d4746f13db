using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.TextPatching;

/// <summary>TP-04: the patching CPU spins in an NMI on a lock whose holder waits in #BP for the patching CPU.</summary>
internal sealed class Tp04 : Scenario
{
    public override string Id => "TP-04";

    public override string Subject => "an NMI on the patching CPU spins on a lock whose holder sits in #BP and waits for the patching CPU";

    public override string Cure => "the #BP handler emulates the new instruction and never waits";

    public override string Participants => "2 CPUs: task, NMI; task, hardirq, #BP";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false });
        KernelText text = new(kernel);
        TextSite site = PatchedCall.Add(text);
        RawSpinLock raw = new(kernel, "L");
        CpumaskSync sync = new(kernel, 0);
        text.Int3Handler = variant.HasFix ? (c, regs) => sync.EmulateOnInt3(c, regs, site) : (c, regs) => sync.SpinOnInt3(c, regs, site);
        kernel.Spawn("C0", 0, c => PatchedCall.Poke(c, site, sync));
        kernel.Spawn("C1", 1, c => CallUnderLock(c, raw, text, site));
        kernel.AddInterrupt("C0.nmi", 0, ContextKind.Nmi, 1, c => TakeLock(c, raw));
        world.AtEnd("the site has its new instruction", () => site.Holds(PatchedCall.New));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask CallUnderLock(KernelContext c, RawSpinLock raw, KernelText text, TextSite site)
    {
        c.Line("raw_spin_lock(&L);");
        await raw.Lock(c);
        c.Line("static_call(site)();");
        await text.Execute(c, site);
        c.Line("raw_spin_unlock(&L);");
        await raw.Unlock(c);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask TakeLock(KernelContext c, RawSpinLock raw)
    {
        c.Line("nmi: raw_spin_lock(&L);");
        await raw.Lock(c);
        c.Line("nmi: raw_spin_unlock(&L);");
        await raw.Unlock(c);
    }
}
