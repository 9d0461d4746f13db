namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>The tables that show how it may come to a deadlock; 2.6.30 has none.</summary>
internal static class UnsafeScenario
{
    /// <summary>print_usage_bug_scenario()@6.1.</summary>
    public static void OneCpuInterrupted(ReportWriter text, LockClass taken)
    {
        if (text.IsModern)
        {
            OneCpu(text)
                .Line($"  lock({taken.DisplayName});")
                .Line("  <Interrupt>")
                .Line($"    lock({taken.DisplayName});")
                .Line().Line(" *** DEADLOCK ***").Line();
        }
    }

    /// <summary>print_deadlock_scenario()@6.1.</summary>
    public static void OneCpuTwice(ReportWriter text, LockClass held, LockClass taken)
    {
        if (text.IsModern)
        {
            OneCpu(text)
                .Line($"  lock({held.DisplayName});")
                .Line($"  lock({taken.DisplayName});")
                .Line().Line(" *** DEADLOCK ***").Line()
                .Line(" May be due to missing lock nesting notation").Line();
        }
    }

    /// <summary>print_circular_lock_scenario()@6.1.</summary>
    /// <param name="text">Where to write.</param>
    /// <param name="source">The class being taken.</param>
    /// <param name="parent">The class under which the held one was taken before.</param>
    /// <param name="target">The class held.</param>
    public static void Circle(ReportWriter text, LockClass source, LockClass parent, LockClass target)
    {
        if (!text.IsModern)
        {
            return;
        }

        if (!ReferenceEquals(parent, source))
        {
            Chain(text, source, parent, target);
        }

        TwoCpus(text, " Possible unsafe locking scenario:")
            .Line($"  lock({target.DisplayName});")
            .Line($"{Cpu1}lock({parent.DisplayName});")
            .Line($"{Cpu1}lock({target.DisplayName});")
            .Line($"  lock({source.DisplayName});")
            .Line().Line(" *** DEADLOCK ***").Line();
    }

    /// <summary>print_irq_lock_scenario()@6.1.</summary>
    /// <param name="text">Where to write.</param>
    /// <param name="safe">The class that interrupts take.</param>
    /// <param name="unsafeClass">The class that is held with interrupts enabled.</param>
    /// <param name="previous">The first class on the way from one to the other, perhaps the first itself.</param>
    /// <param name="next">The class after it.</param>
    public static void Irq(ReportWriter text, LockClass safe, LockClass unsafeClass, LockClass previous, LockClass next)
    {
        if (!text.IsModern)
        {
            return;
        }

        LockClass middle = ReferenceEquals(previous, safe) ? next : previous;
        if (!ReferenceEquals(middle, unsafeClass))
        {
            Chain(text, safe, middle, unsafeClass);
        }

        TwoCpus(text, " Possible interrupt unsafe locking scenario:")
            .Line($"  lock({unsafeClass.DisplayName});")
            .Line($"{Cpu1}local_irq_disable();")
            .Line($"{Cpu1}lock({safe.DisplayName});")
            .Line($"{Cpu1}lock({middle.DisplayName});")
            .Line("  <Interrupt>")
            .Line($"    lock({safe.DisplayName});")
            .Line().Line(" *** DEADLOCK ***").Line();
    }

    private static string Cpu1 { get; } = new(' ', 31);

    private static ReportWriter OneCpu(ReportWriter text) =>
        text.Line(" Possible unsafe locking scenario:").Line().Line("       CPU0").Line("       ----");

    private static ReportWriter TwoCpus(ReportWriter text, string title) =>
        text.Line(title).Line().Line("       CPU0                    CPU1").Line("       ----                    ----");

    private static void Chain(ReportWriter text, LockClass first, LockClass middle, LockClass last) =>
        text.Line("Chain exists of:").Line($"  {first.DisplayName} --> {middle.DisplayName} --> {last.DisplayName}").Line();
}
