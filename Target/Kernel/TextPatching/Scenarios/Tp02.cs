using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.TextPatching;

/// <summary>TP-02: the #BP handler waits for the patcher, on the CPU of the patcher.</summary>
internal sealed class Tp02 : Scenario
{
    public override string Id => "TP-02";

    public override string Subject => "an interrupt on the patching CPU executes the site, and its #BP handler waits for the interrupted patcher";

    public override string Cure => "the #BP handler emulates the new instruction and never waits";

    public override string Participants => "1 CPU: task; hardirq; #BP";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 1, HasIpis = false, HasPrefetch = true });
        KernelText text = new(kernel);
        TextSite site = PatchedCall.Add(text);
        CpumaskSync sync = new(kernel, 0);
        text.Int3Handler = variant.HasFix ? (c, regs) => sync.EmulateOnInt3(c, regs, site) : (c, regs) => sync.SpinOnInt3(c, regs, site);
        kernel.Spawn("C0", 0, c => PatchedCall.Poke(c, site, sync));
        kernel.AddInterrupt("C0.irq", 0, ContextKind.Hardirq, 1, async c =>
        {
            c.Line("the handler calls the patched site");
            await text.Execute(c, site);
        });
        world.AtEnd("the site has its new instruction", () => site.Holds(PatchedCall.New));
    }
}
