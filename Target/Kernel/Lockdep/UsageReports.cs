namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>Reports on one class alone.</summary>
internal static class UsageReports
{
    /// <summary>print_usage_bug(): a class has been used in two ways that exclude each other.</summary>
    public static LockdepReport InconsistentState(LockdepOptions options, in ReportedEvent now, LockUsage previous, LockUsage next)
    {
        LockClass taken = now.Lock.Class;
        (string from, string to) = (UsageBits.Name(previous), UsageBits.Name(next));
        var text = new ReportWriter(options);
        text.Banner("inconsistent lock state")
            .Line($"inconsistent {{{from}}} -> {{{to}}} usage.")
            .Line($"{now.Task.Name} {now.Cpu.Text} takes:")
            .Lock(now.Lock)
            .Line($"{{{from}}} state was registered at:")
            .Stack(taken.FirstUse(previous), 1)
            .IrqEvents(now.Task.Irqs)
            .Line()
            .Line("other info that might help us debug this:");
        UnsafeScenario.OneCpuInterrupted(text, taken);
        text.HeldLocks(now.Task).Backtrace(now);
        return new LockdepReport(LockdepReportKind.InconsistentState, taken.DisplayName, now.Task.Name, text.ToString())
        {
            PreviousState = from,
            NewState = to,
        };
    }
}
