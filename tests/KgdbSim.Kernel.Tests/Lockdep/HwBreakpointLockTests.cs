using System.Text.RegularExpressions;
using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>
/// The report that K.Prasad posted on 11 May 2009 in the thread "[Patch 00/12] Hardware Breakpoint Interfaces", reproduced from the
/// events that led to it: a secondary CPU took hw_breakpoint_lock in load_debug_registers() with softirqs on; later an RCU callback took
/// it in a softirq on the idle CPU 0.
/// </summary>
public sealed partial class HwBreakpointLockTests
{
    /// <summary>As the archive has it: white space folded, addresses eaten as markup.</summary>
    private const string Posted =
        "================================= [ INFO: inconsistent lock state ] 2.6.30-rc4-tip.hbkpt #31 --------------------------------- "
        + "inconsistent {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} usage. swapper/0 [HC0[0]:SC1[1]:HE1:SE0] takes: (hw_breakpoint_lock){+.?...}, at: "
        + "[] flush_thread_hw_breakpoint+0x16/0x75 {SOFTIRQ-ON-W} state was registered at: [] __lock_acquire+0x2e8/0xb55 "
        + "[] lock_acquire+0x9b/0xbe [] _spin_lock+0x23/0x53 [] load_debug_registers+0x1b/0x77 [] start_secondary+0x1b9/0x1c6 "
        + "[] 0xffffffff irq event stamp: 1447500 hardirqs last enabled at (1447500): [] kmem_cache_free+0xb2/0xe7 "
        + "hardirqs last disabled at (1447499): [] kmem_cache_free+0x49/0xe7 softirqs last enabled at (1447468): [] __do_softirq+0x14c/0x154 "
        + "softirqs last disabled at (1447473): [] do_softirq+0x6d/0xcd other info that might help us debug this: no locks held by swapper/0. "
        + "stack backtrace: Pid: 0, comm: swapper Not tainted 2.6.30-rc4-tip.hbkpt #31 Call Trace: [] ? printk+0x14/0x1a "
        + "[] valid_state+0x12a/0x13d [] mark_lock+0xe6/0x1e9 [] ? check_usage_forwards+0x0/0x3f [] __lock_acquire+0x266/0xb55 "
        + "[] ? page_address+0xe/0xb1 [] lock_acquire+0x9b/0xbe [] ? flush_thread_hw_breakpoint+0x16/0x75 [] _spin_lock+0x23/0x53 "
        + "[] ? flush_thread_hw_breakpoint+0x16/0x75 [] flush_thread_hw_breakpoint+0x16/0x75 [] free_thread_xstate+0x40/0x62 "
        + "[] free_thread_info+0x12/0x1e [] free_task+0x1e/0x34 [] __put_task_struct+0xa7/0xac [] delayed_put_task_struct+0x75/0x7c "
        + "[] __rcu_process_callbacks+0x1a5/0x229 [] rcu_process_callbacks+0x24/0x42 [] __do_softirq+0x9d/0x154 "
        + "[] ? __do_softirq+0x0/0x154 [] ? irq_exit+0x3a/0x68 [] ? smp_apic_timer_interrupt+0x79/0x87 [] ? apic_timer_interrupt+0x2f/0x34 "
        + "[] ? native_safe_halt+0xa/0xc [] ? default_idle+0x4f/0x81 [] ? stop_critical_timings+0x25/0x2a [] ? cpu_idle+0x58/0x79 "
        + "[] ? rest_init+0x58/0x5a [] ? start_kernel+0x2fc/0x301 [] ? __init_begin+0x6a/0x6f";

    private static readonly LockdepOptions Kernel = new(LockdepFormat.Linux2630, "2.6.30-rc4-tip.hbkpt", "#31");

    [Fact]
    public void The_report_of_the_thread_comes_out()
    {
        LockdepState state = Replay(isFixed: false);
        LockdepReport report = Assert.IsType<LockdepReport>(state.Report);
        Assert.Equal(Posted, Fold(report.Text));
        Assert.Equal(LockdepReportKind.InconsistentState, report.Kind);
        Assert.Equal(
            ("hw_breakpoint_lock", "SOFTIRQ-ON-W", "IN-SOFTIRQ-W", "swapper/0"),
            (report.Lock, report.PreviousState, report.NewState, report.Task));
        Assert.Equal("INFO: inconsistent lock state: hw_breakpoint_lock {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} (swapper/0)", report.Summary);
    }

    [Fact]
    public void Its_lines_are_broken_and_indented_as_lockdep_does()
    {
        string[] lines = Replay(isFixed: false).Report!.Text.Split('\n');
        Assert.Equal(
            [
                "",
                "=================================",
                "[ INFO: inconsistent lock state ]",
                "2.6.30-rc4-tip.hbkpt #31",
                "---------------------------------",
                "inconsistent {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} usage.",
                "swapper/0 [HC0[0]:SC1[1]:HE1:SE0] takes:",
                " (hw_breakpoint_lock){+.?...}, at: [<00000000c010e8f6>] flush_thread_hw_breakpoint+0x16/0x75",
                "{SOFTIRQ-ON-W} state was registered at:",
                "  [<00000000c0101000>] __lock_acquire+0x2e8/0xb55",
            ],
            lines[..10]);
        Assert.Equal("hardirqs last  enabled at (1447500): [<00000000c0105000>] kmem_cache_free+0xb2/0xe7", lines[16]);
        Assert.Equal(["", "other info that might help us debug this:", "no locks held by swapper/0.", "", "stack backtrace:"], lines[20..25]);
    }

    [Fact]
    public void With_spin_lock_bh_in_the_start_routine_nothing_is_found()
    {
        LockdepState state = Replay(isFixed: true);
        Assert.Null(state.Report);
        LockClass hwBreakpointLock = state.Classes[0];

        // scenarios.md HB-03: after the fix the usage is {+.-...}.
        Assert.Equal("+.-...", hwBreakpointLock.Usage.Characters(LockdepFormat.Linux2630));
    }

    private static LockdepState Replay(bool isFixed)
    {
        var state = new LockdepState(Kernel);
        HeldLocks secondary = state.AddTask("swapper", 0);
        HeldLocks idle = state.AddTask("swapper", 0);
        LockClass hwBreakpointLock = state.Class(new LockKey("hw_breakpoint_lock"));
        const ulong Address = 0xc0606060;

        CpuContext starting = CpuContext.Task with { Cpu = 1 };
        CallSite load = Load();
        if (isFixed)
        {
            state.SoftirqsOff(secondary, starting, load);
            starting = starting with { SoftirqsEnabled = false, SoftirqCount = 1 };
        }

        state.Acquire(secondary, new LockRequest(hwBreakpointLock, Address), starting, load);
        state.Release(secondary, hwBreakpointLock, Address, starting, load);

        // What the idle task of CPU 0 had gone through; the stamps are those of the report.
        var cpu = CpuContext.Task;
        CallSite free1 = Site("kmem_cache_free", 0x49, 0xe7, 0xc0104000);
        CallSite free2 = Site("kmem_cache_free", 0xb2, 0xe7, 0xc0105000);
        idle.Irqs.Stamp = 1447466;
        state.SoftirqsOff(idle, cpu, Site("do_softirq", 0x6d, 0xcd, 0xc0102000));
        state.SoftirqsOn(idle, cpu with { SoftirqsEnabled = false }, Site("__do_softirq", 0x14c, 0x154, 0xc0103000));
        Flicker(state, idle, cpu, free1, free2, 2);
        state.SoftirqsOff(idle, cpu, Site("do_softirq", 0x6d, 0xcd, 0xc0102000));
        cpu = new() { InSoftirq = true, SoftirqCount = 1, HardirqsEnabled = true };
        state.HardirqsOn(idle, cpu with { HardirqsEnabled = false }, Site("__do_softirq", 0x70, 0x154, 0xc0103000));
        Flicker(state, idle, cpu, free1, free2, 13);
        state.Acquire(idle, new LockRequest(hwBreakpointLock, Address), cpu, Flush());
        return state;
    }

    private static void Flicker(LockdepState state, HeldLocks task, CpuContext cpu, CallSite off, CallSite on, int times)
    {
        for (int i = 0; i < times; i++)
        {
            state.HardirqsOff(task, cpu, off);
            state.HardirqsOn(task, cpu with { HardirqsEnabled = false }, on);
        }
    }

    private static CallSite Site(string symbol, uint offset, uint size, ulong address) => CallSite.In(symbol, offset, size, address);

    private static CallSite Load()
    {
        CodeLocation[] stack = Frames(
            "__lock_acquire+0x2e8/0xb55 lock_acquire+0x9b/0xbe _spin_lock+0x23/0x53 load_debug_registers+0x1b/0x77 "
            + "start_secondary+0x1b9/0x1c6 0xffffffff");
        return new CallSite(stack[3], stack);
    }

    private static CallSite Flush()
    {
        CodeLocation at = new("flush_thread_hw_breakpoint", 0x16, 0x75, 0xc010e8f6);
        string trace = Posted[(Posted.IndexOf("Call Trace: ", StringComparison.Ordinal) + 12)..].Replace("[] ? ", "?").Replace("[] ", "");
        CodeLocation[] backtrace = Frames(trace);
        return new CallSite(at, [.. backtrace.Where(f => f.IsReliable).Skip(2)], backtrace);
    }

    private static CodeLocation[] Frames(string text) =>
    [
        .. text.Split(' ').Select((frame, i) =>
        {
            Match match = Frame().Match(frame);
            ulong address = 0xc0101000 + 0x10 * (ulong)i;
            return match.Success
                ? new CodeLocation(match.Groups[2].Value, Hex(match.Groups[3]), Hex(match.Groups[4]), address, !match.Groups[1].Success)
                : new CodeLocation("", 0, 0, 0xffffffff);
        }),
    ];

    private static uint Hex(Group digits) => Convert.ToUInt32(digits.Value, 16);

    private static string Fold(string text) => Space().Replace(Bracketed().Replace(text, "[]"), " ").Trim();

    [GeneratedRegex(@"^(\?)?(\w+)\+0x(\w+)/0x(\w+)$")]
    private static partial Regex Frame();

    [GeneratedRegex(@"\[<[0-9a-f]+>\]")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
