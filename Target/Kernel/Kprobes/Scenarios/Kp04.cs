using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kprobes;

/// <summary>KP-04: the task that hit a probe is preempted before its single step and takes it on another CPU.</summary>
internal sealed class Kp04 : Scenario
{
    public override string Id => "KP-04";

    public override string Subject => "a task migrates between the int3 and the single step of a probe: its #DB belongs to nobody on the new CPU";

    public override string Cure => "preemption stays disabled from the int3 until after the post_handler";

    public override string Participants => "2 CPUs: tasks, #BP, #DB, preemption; idle";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false, Preemption = PreemptionModel.Full });
        SharedCell<KernelObject?>[] current =
            [world.Cell<KernelObject?>("C0.current_kprobe", null), world.Cell<KernelObject?>("C1.current_kprobe", null)];
        KernelObject probe = new(kernel, "p");
        int held = variant.HasFix ? 1 : 0;
        kernel.AddScheduler(0, 1);
        kernel.AddScheduler(1, 0);
        kernel.Spawn("T", 0, c => Hit(c, current, probe, held)).AllowedCpus = 3;
        kernel.Spawn("other", 0, static async c => await c.LocalStep());
        world.AtEnd("no probe is left current", () => current[0].Value is null && current[1].Value is null);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Hit(KernelContext c, SharedCell<KernelObject?>[] current, KernelObject probe, int held)
    {
        c.Line("int3");
        await c.Home.EnterTrap(c, ContextKind.Breakpoint);
        if (held != 0)
        {
            c.Line("preempt_disable();");
            await c.PreemptDisable();
        }

        c.Line("__get_cpu_var(current_kprobe) = p;");
        await current[c.Home.Number].Write(c, probe);
        c.Line("prepare_singlestep(p, regs); iret");
        await c.Home.Leave(c, held);

        c.Line("the copied instruction, with TF");
        await c.LocalStep();
        await c.Home.EnterTrap(c, ContextKind.Debug);
        c.Line("post_kprobe_handler: if (!kprobe_running()) return 0;");
        if (await current[c.Home.Number].Read(c) is null)
        {
            c.Fail("a trap nobody handles", $"{c.Name} takes the #DB of its single step on CPU {c.Home.Number}, which runs no probe");
        }

        c.Line("reset_current_kprobe();");
        await current[c.Home.Number].Write(c, null);
        if (held != 0)
        {
            c.Line("preempt_enable_no_resched();");
            await c.PreemptEnable();
        }

        await c.Home.Leave(c, -held);
    }
}
