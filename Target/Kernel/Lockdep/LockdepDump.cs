using System.Text;

namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>What lockdep knows, for people: the files in /proc and the list of held locks.</summary>
internal static class LockdepDump
{
    private static readonly (string Label, UsageBits Usage)[] Categories =
    [
        ("hardirq-safe", UsageBits.Of(LockUsage.UsedInHardirq)),
        ("hardirq-unsafe", UsageBits.Of(LockUsage.EnabledHardirq)),
        ("softirq-safe", UsageBits.Of(LockUsage.UsedInSoftirq)),
        ("softirq-unsafe", UsageBits.Of(LockUsage.EnabledSoftirq)),
        ("irq-safe", UsageBits.Of(LockUsage.UsedInHardirq) | UsageBits.Of(LockUsage.UsedInSoftirq)),
        ("irq-unsafe", UsageBits.Of(LockUsage.EnabledHardirq) | UsageBits.Of(LockUsage.EnabledSoftirq)),
        ("hardirq-read-safe", UsageBits.Of(LockUsage.UsedInHardirqRead)),
        ("hardirq-read-unsafe", UsageBits.Of(LockUsage.EnabledHardirqRead)),
        ("softirq-read-safe", UsageBits.Of(LockUsage.UsedInSoftirqRead)),
        ("softirq-read-unsafe", UsageBits.Of(LockUsage.EnabledSoftirqRead)),
        ("irq-read-safe", UsageBits.Of(LockUsage.UsedInHardirqRead) | UsageBits.Of(LockUsage.UsedInSoftirqRead)),
        ("irq-read-unsafe", UsageBits.Of(LockUsage.EnabledHardirqRead) | UsageBits.Of(LockUsage.EnabledSoftirqRead)),
    ];

    /// <summary>
    /// Every class with the number of acquisitions, the numbers of classes reachable forwards and backwards, its usage, and what was
    /// taken directly under it: /proc/lockdep (l_show() of lockdep_proc.c).
    /// </summary>
    public static string Classes(LockdepState state)
    {
        var text = new StringBuilder("all lock classes:\n");
        foreach (LockClass lockClass in state.Classes)
        {
            int forward = state.Graph.CountReachable(lockClass, isForward: true);
            int backward = state.Graph.CountReachable(lockClass, isForward: false);
            text.Append($"{lockClass.Key.Address:x16} OPS:{lockClass.AcquireCount,8} FD:{forward,5} BD:{backward,5} ");
            text.Append($"{lockClass.Usage.Characters(state.Options.Format)}: {lockClass.DisplayName}\n");
            foreach (Dependency dependency in lockClass.After)
            {
                if (dependency.IsDirect)
                {
                    text.Append($" -> [{dependency.To.Key.Address:x16}] {dependency.To.DisplayName}\n");
                }
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Totals: /proc/lockdep_stats (lockdep_stats_show()). Each dependency counts twice, as there, once per direction.</summary>
    public static string Statistics(LockdepState state)
    {
        var text = new StringBuilder();
        Line(text, "lock-classes", state.Classes.Count);
        Line(text, "direct dependencies", 2 * state.Graph.Count);
        foreach ((string label, UsageBits usage) in Categories)
        {
            Line(text, $"{label} locks", state.Classes.Count(lockClass => lockClass.Usage.Overlaps(usage)));
        }

        Line(text, "debug_locks", state.IsActive ? 1 : 0);
        return text.ToString();
    }

    /// <summary>What every task holds: debug_show_all_locks().</summary>
    public static string HeldLocks(LockdepState state)
    {
        if (!state.IsActive)
        {
            return "INFO: lockdep is turned off.\n";
        }

        var text = new ReportWriter(state.Options);
        text.Line().Line("Showing all locks held in the system:");
        foreach (HeldLocks task in state.Tasks)
        {
            if (task.Count > 0)
            {
                text.HeldLocks(task);
            }
        }

        return text.Line().Line(new string('=', 45)).Line().ToString();
    }

    private static void Line(StringBuilder text, string label, int count) => text.Append($" {label + ":",-31}{count,11}\n");
}
