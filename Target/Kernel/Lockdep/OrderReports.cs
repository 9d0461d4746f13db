namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>Reports on the order in which classes are taken.</summary>
internal static class OrderReports
{
    /// <summary>print_deadlock_bug(): a task takes a class that it holds.</summary>
    public static LockdepReport Recursion(LockdepOptions options, in ReportedEvent now, HeldLock held)
    {
        var text = new ReportWriter(options);
        text.Banner("possible recursive locking detected");
        TakesWhileHolding(text, now, held).Line().Line("other info that might help us debug this:");
        UnsafeScenario.OneCpuTwice(text, held.Class, now.Lock.Class);
        text.HeldLocks(now.Task).Backtrace(now);
        return Report(LockdepReportKind.Recursion, now, text);
    }

    /// <summary>print_circular_bug(): the lock being taken leads to one that is held.</summary>
    /// <param name="options">Of this kernel.</param>
    /// <param name="now">The acquisition.</param>
    /// <param name="held">The lock that is held.</param>
    /// <param name="path">From the class being taken to the one held.</param>
    public static LockdepReport Circular(LockdepOptions options, in ReportedEvent now, HeldLock held, DependencyPath path)
    {
        var text = new ReportWriter(options);
        text.Banner("possible circular locking dependency detected");
        TakesWhileHolding(text, now, held)
            .Line().Line("which lock already depends on the new lock.").Line()
            .Line().Line("the existing dependency chain (in reverse order) is:");
        for (int depth = path.Steps.Count; depth >= 0; depth--)
        {
            text.Line()
                .Line($"-> #{depth} {text.ClassName(path.Classes[depth])}:")
                .Stack(depth == 0 ? now.Site : path.Steps[depth - 1].Site, 6);
        }

        text.Line().Line("other info that might help us debug this:").Line();
        UnsafeScenario.Circle(text, now.Lock.Class, path.Classes[^2], held.Class);
        text.HeldLocks(now.Task).Backtrace(now);
        return Report(LockdepReportKind.Circular, now, text) with { OtherLock = held.Class.DisplayName };
    }

    /// <summary>print_irq_inversion_bug(): a lock got a usage whose opposite stands somewhere along its dependencies.</summary>
    /// <param name="options">Of this kernel.</param>
    /// <param name="now">The usage.</param>
    /// <param name="path">From the lock's class to the other.</param>
    /// <param name="isForward">Whether the path goes along the dependencies.</param>
    /// <param name="found">The usage of the other.</param>
    /// <param name="usage">The new usage.</param>
    public static LockdepReport IrqInversion(
        LockdepOptions options, in ReportedEvent now, DependencyPath path, bool isForward, LockUsage found, LockUsage usage)
    {
        var text = new ReportWriter(options);
        string irq = UsageBits.StateName(found);
        text.Banner("possible irq lock inversion dependency detected")
            .Line($"{now.Task.Name} just changed the state of lock:")
            .Lock(now.Lock)
            .Line(isForward
                ? $"but this lock took another, {irq}-unsafe lock in the past:"
                : $"but this lock was taken by another, {irq}-safe lock in the past:")
            .Line($" {text.ClassName(path.End)}").BrokenLine()
            .Line().Line("and interrupts could create inverse lock ordering between them.").Line()
            .Line().Line("other info that might help us debug this:");
        if (isForward)
        {
            UnsafeScenario.Irq(text, path.Root, path.End, path.Classes[1], path.End);
        }
        else
        {
            UnsafeScenario.Irq(text, path.End, path.Root, path.Classes[1], path.Root);
        }

        text.HeldLocks(now.Task).Line();
        if (text.IsModern)
        {
            text.Line("the shortest dependencies between 2nd lock and 1st lock:");
            DependencyListing.Path(text, path, now.Site);
        }
        else
        {
            text.Line("the first lock's dependencies:");
            DependencyListing.Tree(text, path.Root);
            text.Line().Line("the second lock's dependencies:");
            DependencyListing.Tree(text, path.End);
        }

        text.Backtrace(now);
        return Report(LockdepReportKind.IrqInversion, now, text) with
        {
            OtherLock = path.End.DisplayName,
            PreviousState = UsageBits.Name(found),
            NewState = UsageBits.Name(usage),
        };
    }

    /// <summary>print_bad_irq_dependency(): a new dependency leads from a lock that interrupts take to one held with them enabled.</summary>
    /// <param name="options">Of this kernel.</param>
    /// <param name="now">The acquisition.</param>
    /// <param name="held">The lock under which it happens.</param>
    /// <param name="back">From the held lock's class against the dependencies to the class that interrupts take.</param>
    /// <param name="forward">From the new lock's class along the dependencies to the class held with interrupts enabled.</param>
    /// <param name="safe">How the one is used.</param>
    /// <param name="unsafeUsage">How the other is used.</param>
    public static LockdepReport IrqOrder(
        LockdepOptions options,
        in ReportedEvent now,
        HeldLock held,
        DependencyPath back,
        DependencyPath forward,
        LockUsage safe,
        LockUsage unsafeUsage)
    {
        var text = new ReportWriter(options);
        string irq = UsageBits.StateName(safe);
        text.Banner($"{irq}-safe -> {irq}-unsafe lock order detected", width: text.IsModern ? 53 : 54)
            .Line($"{now.Task.Name} {now.Cpu.Text} is trying to acquire:")
            .Lock(now.Lock)
            .Line().Line("and this task is already holding:")
            .Lock(held)
            .Line("which would create a new lock dependency:")
            .Line($" {text.ClassName(held.Class)} -> {text.ClassName(now.Lock.Class)}")
            .Line().Line($"but this new dependency connects a {irq}-irq-safe lock:")
            .Line($" {text.ClassName(back.End)}").BrokenLine()
            .Line($"... which became {irq}-irq-safe at:")
            .Stack(back.End.FirstUse(safe), 1)
            .Line().Line($"to a {irq}-irq-unsafe lock:")
            .Line($" {text.ClassName(forward.End)}").BrokenLine()
            .Line($"... which became {irq}-irq-unsafe at:")
            .Ellipsis()
            .Stack(forward.End.FirstUse(unsafeUsage), 1)
            .Line().Line("other info that might help us debug this:").Line();
        UnsafeScenario.Irq(text, back.End, forward.End, held.Class, now.Lock.Class);
        text.HeldLocks(now.Task).Line();
        if (text.IsModern)
        {
            text.Line($"the dependencies between {irq}-irq-safe lock and the holding lock:");
            DependencyListing.PathAgainst(text, back);
            text.Line().Line("the dependencies between the lock to be acquired")
                .Line($" and {irq}-irq-unsafe lock:");
            DependencyListing.Path(text, forward, now.Site);
        }
        else
        {
            text.Line($"the {irq}-irq-safe lock's dependencies:");
            DependencyListing.Tree(text, back.End);
            text.Line().Line($"the {irq}-irq-unsafe lock's dependencies:");
            DependencyListing.Tree(text, forward.End);
        }

        text.Backtrace(now);
        return Report(LockdepReportKind.IrqOrder, now, text) with
        {
            OtherLock = held.Class.DisplayName,
            PreviousState = UsageBits.Name(safe),
            NewState = UsageBits.Name(unsafeUsage),
        };
    }

    private static ReportWriter TakesWhileHolding(ReportWriter text, in ReportedEvent now, HeldLock held) =>
        text.Line($"{now.Task.Name} is trying to acquire lock:")
            .Lock(now.Lock)
            .Line().Line("but task is already holding lock:")
            .Lock(held);

    private static LockdepReport Report(LockdepReportKind kind, in ReportedEvent now, ReportWriter text) =>
        new(kind, now.Lock.Class.DisplayName, now.Task.Name, text.ToString());
}
