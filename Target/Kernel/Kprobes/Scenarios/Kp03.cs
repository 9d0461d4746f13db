using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kprobes;

/// <summary>KP-03: hits are RCU readers of one flavour, unregistration waits for another.</summary>
internal sealed class Kp03 : Scenario
{
    public override string Id => "KP-03";

    public override string Subject =>
        "unregister_kprobe waits with synchronize_sched for hits under rcu_read_lock: the probe is freed under a preempted hit";

    public override string Cure => "hits disable preemption";

    public override string Participants => "2 CPUs: #BP handler, preemptible as in -rt; task";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false, Preemption = PreemptionModel.Full });
        Rcu.Rcu rcu = new(kernel, RcuModel.Preemptible);
        KernelObject probe = new(kernel, "p");
        SharedCell<KernelObject?> table = world.Cell<KernelObject?>("kprobe_table", probe);
        kernel.Spawn("C0", 0, variant.HasFix ? c => HitWithPreemptionOff(c, table) : c => HitUnderRcu(c, table, rcu));
        kernel.Spawn("C1", 1, c => Unregister(c, table, rcu));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask HitUnderRcu(KernelContext c, SharedCell<KernelObject?> table, Rcu.Rcu rcu)
    {
        c.Line("rcu_read_lock();");
        await rcu.ReadLock(c);
        await Handle(c, table);
        c.Line("rcu_read_unlock();");
        await rcu.ReadUnlock(c);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask HitWithPreemptionOff(KernelContext c, SharedCell<KernelObject?> table)
    {
        c.Line("preempt_disable();");
        await c.PreemptDisable();
        await Handle(c, table);
        c.Line("preempt_enable_no_resched();");
        await c.PreemptEnable();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Handle(KernelContext c, SharedCell<KernelObject?> table)
    {
        c.Line("p = get_kprobe(addr);");
        KernelObject? probe = await table.Read(c);
        if (probe is not null)
        {
            c.Line("if (p->pre_handler && p->pre_handler(p, regs))");
            await probe.Touch(c, "pre_handler");
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Unregister(KernelContext c, SharedCell<KernelObject?> table, Rcu.Rcu rcu)
    {
        c.Line("hlist_del_rcu(&p->hlist);");
        KernelObject probe = (await table.Exchange(c, null))!;
        c.Line("synchronize_sched();");
        await rcu.SynchronizeSched(c);
        c.Line("kfree(p);");
        await probe.Free(c);
    }
}
