using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>
/// HB-03: a lock taken in task context with softirqs on, and again in a softirq on the same CPU. Lockdep says so even if the two
/// never meet: it is how the defect was found, by K. Prasad in May 2009.
/// </summary>
internal sealed class Hb03 : Scenario
{
    private static readonly Lockdep.CallSite Load = Lockdep.CallSite.In("load_debug_registers", 0x1b, 0x77, 0xC010_E9AB);
    private static readonly Lockdep.CallSite Flush = Lockdep.CallSite.In("flush_thread_hw_breakpoint", 0x16, 0x75, 0xC010_E8F6);

    public override string Id => "HB-03";

    public override string Subject => "hw_breakpoint_lock is taken in a softirq (flush of a dead thread) on the CPU whose task holds it";

    public override string Cure => "spin_lock_bh";

    public override string Participants => "1 CPU: task; softirq";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-lockdep", true, "a starting CPU takes the lock with softirqs on, the idle CPU 0 later in a softirq; lockdep watches"),
        new("fixed-lockdep", false, "the same with spin_lock_bh in the start routine"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        if (variant.Name.EndsWith("lockdep", StringComparison.Ordinal))
        {
            SetUpLockdep(world, variant.HasFix);
            return;
        }

        Stage2630 stage = new(world, 1, new InterfaceForm { LocksWithSoftirqsOn = !variant.HasFix });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Kernel.Spawn("C0", 0, async c => await stage.Hw.Kernel.Register(c, k));
        ThreadBreakpoints dead = new(stage.Kernel, "D", null);
        stage.Kernel.AddInterrupt("C0.timer", 0, ContextKind.Hardirq, 1, async c =>
            await c.Home.Softirqs.Raise(c, softirq => stage.Hw.Threads.Flush(softirq, dead)));
    }

    private static void SetUpLockdep(World world, bool disablesSoftirqs)
    {
        Stage2630 stage = new(world, new KernelOptions { CpuCount = 2, HasIpis = false, HasLockdep = true },
            new InterfaceForm { LocksWithSoftirqsOn = !disablesSoftirqs });
        stage.Kernel.Spawn("start_secondary", 1, c =>
        {
            c.Site = Load;
            return stage.Hw.Kernel.LoadDebugRegisters(c, stage.Hw.Threads);
        });
        ThreadBreakpoints dead = new(stage.Kernel, "D", null);
        stage.Kernel.AddInterrupt("C0.timer", 0, ContextKind.Hardirq, 1, async c =>
        {
            c.Site = Flush;
            await c.Home.Softirqs.Raise(c, SoftirqVector.Rcu, softirq => stage.Hw.Threads.Flush(softirq, dead));
        });
    }
}
