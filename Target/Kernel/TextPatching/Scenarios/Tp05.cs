using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.TextPatching;

/// <summary>TP-05: a CPU is asked to serialise before there is anything to serialise for.</summary>
internal sealed class Tp05 : Scenario
{
    public override string Id => "TP-05";

    public override string Subject =>
        "a CPU acknowledges before the int3 is written, prefetches old bytes afterwards, and executes them with the new tail";

    public override string Cure => "the event first, then the mask, then the IPI";

    public override string Participants => "2 CPUs: task; task, hardirq, #BP";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false, HasPrefetch = true });
        KernelText text = new(kernel);
        TextSite site = PatchedCall.Add(text);
        CpumaskSync sync = new(kernel, 0);
        text.Int3Handler = (c, regs) => sync.SpinOnInt3(c, regs, site);
        kernel.Spawn("C0", 0, variant.HasFix ? c => PatchedCall.Poke(c, site, sync) : c => PokeAfterRequest(c, site, sync));
        kernel.Spawn("C1", 1, async c =>
        {
            c.Line("static_call(site)();");
            await text.Execute(c, site);
        });
        world.AtEnd("the site has its new instruction", () => site.Holds(PatchedCall.New));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask PokeAfterRequest(KernelContext c, TextSite site, CpumaskSync sync)
    {
        await sync.Request(c);
        c.Line("text_poke(addr, &int3, 1);");
        await site.WriteInt3(c);
        await sync.Await(c);
        c.Line("text_poke(addr + 1, new + 1, 4);");
        await site.WriteTail(c, PatchedCall.New);
        await sync.Sync(c);
        c.Line("text_poke(addr, new, 1);");
        await site.WriteFirst(c, PatchedCall.New);
    }
}
