using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Between;

/// <summary>XS-08: a cross call to a CPU that is parked in the debugger.</summary>
internal sealed class Xs08 : Scenario
{
    private const ulong Break = 0xFFFF_FFFF_8100_1000;

    public override string Id => "XS-08";

    public override string Subject =>
        "the debugger calls a function on CPUs that it has parked with interrupts off, and waits for them";

    public override string Cure => "nothing in a session waits; a task's cross call is done after the resume";

    public override string Participants => "2 CPUs: session; task, hardirq (IPI)";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, new KgdbStageOptions { HasIpis = true });
        stage.Memory.Map(Break, 0xCC);
        StageThread thread = stage.Thread(0, new StageInstruction(Break));
        SharedCell<bool> called = world.Cell("the function has run on CPU 0", false);
        stage.Play(async (c, _, _) =>
        {
            if (!variant.HasFix)
            {
                await CrossCall.CallMany(c, 2, static async f => await f.LocalStep(), true);
            }

            return KgdbSessionResult.Continue;
        });
        stage.Kernel.Spawn("C0", 0, thread.Run);
        stage.Kernel.Spawn("C1", 1, async c =>
        {
            await CrossCall.CallMany(c, 1, async f => await called.Write(f, true), true);
            if (!called.Value)
            {
                c.Fail("cross call", "smp_call_function_many returns before the function has run");
            }
        });
        world.AtEnd("the call is done after the resume", () => called.Value && stage.Kgdb.Core.Active.Value == KgdbCore.Nobody);
    }
}
