using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kprobes;

/// <summary>KP-08: the slot of the copied instruction is given back before the grace period.</summary>
internal sealed class Kp08 : Scenario
{
    private const int InstructionOfP = 1;
    private const int InstructionOfQ = 2;

    public override string Id => "KP-08";

    public override string Subject => "a CPU steps in the out-of-line slot of a probe while another probe's instruction is copied into it";

    public override string Cure => "the slot is freed after the grace period";

    public override string Participants => "3 CPUs: #BP and single step; task that unregisters; task that registers";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 3, HasIpis = false, Preemption = PreemptionModel.Full });
        Rcu.Rcu rcu = new(kernel, RcuModel.Classic);
        SharedCell<bool> probed = world.Cell("kprobe_table.p", true);
        SharedCell<bool> used = world.Cell("slot_used", true);
        SharedCell<int> slot = world.Cell("slot", InstructionOfP);
        kernel.Spawn("C0", 0, c => Hit(c, probed, slot));
        kernel.Spawn("C1", 1, c => Unregister(c, probed, used, rcu, variant.HasFix));
        kernel.Spawn("C2", 2, c => Register(c, used, slot));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Hit(KernelContext c, SharedCell<bool> probed, SharedCell<int> slot)
    {
        c.Line("preempt_disable();");
        await c.PreemptDisable();
        c.Line("p = get_kprobe(addr);");
        if (await probed.Read(c))
        {
            c.Line("regs->eip = (unsigned long)p->ainsn.insn; iret");
            await c.LocalStep();
            c.Line("the instruction in the slot, with TF");
            if (await slot.Read(c) != InstructionOfP)
            {
                c.Fail("another probe's instruction is executed", $"{c.Name} steps in a slot that has been given to another probe");
            }
        }

        c.Line("preempt_enable_no_resched();");
        await c.PreemptEnable();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Unregister(KernelContext c, SharedCell<bool> probed, SharedCell<bool> used, Rcu.Rcu rcu, bool freesLate)
    {
        c.Line("hlist_del_rcu(&p->hlist);");
        await probed.Write(c, false);
        if (!freesLate)
        {
            c.Line("arch_remove_kprobe(p);");
            await used.Write(c, false);
        }

        c.Line("synchronize_sched();");
        await rcu.SynchronizeSched(c);
        if (freesLate)
        {
            c.Line("arch_remove_kprobe(p);");
            await used.Write(c, false);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Register(KernelContext c, SharedCell<bool> used, SharedCell<int> slot)
    {
        c.Line("p->ainsn.insn = get_insn_slot();");
        await used.WaitUntil(c, static used => !used);
        await used.Write(c, true);
        c.Line("memcpy(p->ainsn.insn, p->addr, MAX_INSN_SIZE);");
        await slot.Write(c, InstructionOfQ);
    }
}
