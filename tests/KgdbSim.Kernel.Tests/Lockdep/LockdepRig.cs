using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Lockdep with one task on one CPU and short ways to say what it does; further tasks are added by tests.</summary>
internal sealed class LockdepRig
{
    /// <summary>Task context, interrupts off.</summary>
    public static readonly CpuContext IrqsOff = CpuContext.Task with { HardirqsEnabled = false };

    /// <summary>Task context, bottom halves off.</summary>
    public static readonly CpuContext BhOff = CpuContext.Task with { SoftirqsEnabled = false, SoftirqCount = 1 };

    /// <summary>A softirq's handler.</summary>
    public static readonly CpuContext Softirq =
        new() { InSoftirq = true, SoftirqCount = 1, HardirqsEnabled = true };

    /// <summary>A hardirq's handler over a task.</summary>
    public static readonly CpuContext Hardirq =
        new() { InHardirq = true, HardirqCount = 1, SoftirqsEnabled = true };

    /// <summary>An NMI's handler over a task.</summary>
    public static readonly CpuContext Nmi = CpuContext.Task with { InNmi = true, HardirqsEnabled = false };

    public LockdepRig(LockdepFormat format)
    {
        State = new LockdepState(format == LockdepFormat.Linux2630
            ? new LockdepOptions(format, "2.6.30", "#1")
            : new LockdepOptions(format, "6.1.0", "#1"));
        Task = State.AddTask("insmod", 42);
    }

    public static TheoryData<string> Formats => [nameof(LockdepFormat.Linux2630), nameof(LockdepFormat.Linux61)];

    public LockdepState State { get; }

    public HeldLocks Task { get; }

    /// <summary>A site "f+0x10/0x20" without callers; its address comes from the name, so that texts are the same in every run.</summary>
    public static CallSite At(string function) =>
        CallSite.In(function, 0x10, 0x20, 0xffffffff81000010 + 0x100 * (ulong)function[^1]);

    public static LockdepRig Of(string format) => new(Enum.Parse<LockdepFormat>(format));

    public LockClass Class(string name) => State.Class(new LockKey(name));

    public LockdepRig Lock(
        string name, CpuContext? cpu = null, LockAccess access = LockAccess.Write, bool isTrylock = false, HeldLocks? task = null)
    {
        var request = new LockRequest(Class(name), Address(name), access, isTrylock);
        State.Acquire(task ?? Task, request, cpu ?? CpuContext.Task, At($"lock_{name}"));
        return this;
    }

    public LockdepRig Unlock(string name, CpuContext? cpu = null, HeldLocks? task = null)
    {
        State.Release(task ?? Task, Class(name), Address(name), cpu ?? CpuContext.Task, At($"unlock_{name}"));
        return this;
    }

    /// <summary>Locks and unlocks.</summary>
    public LockdepRig Touch(string name, CpuContext? cpu = null, LockAccess access = LockAccess.Write, bool isTrylock = false) =>
        Lock(name, cpu, access, isTrylock).Unlock(name, cpu);

    /// <summary>Locks in this order, unlocks in the opposite one.</summary>
    public LockdepRig Nest(CpuContext cpu, params string[] names)
    {
        foreach (string name in names)
        {
            Lock(name, cpu);
        }

        foreach (string name in names.Reverse())
        {
            Unlock(name, cpu);
        }

        return this;
    }

    /// <summary>The usage of a class as printed.</summary>
    public string Usage(string name) => Class(name).Usage.Characters(State.Options.Format);

    /// <summary>The one lock of a class: 0xffff888000000000 and on.</summary>
    public static ulong Address(string name) => 0xffff888000000000 + 0x40 * (ulong)name[^1];

    /// <summary>Nothing must have been found; says what was.</summary>
    public void ExpectQuiet() => Assert.True(State.IsActive, State.Report?.Text);

    /// <summary>Something of this kind must have been found.</summary>
    public LockdepReport Expect(LockdepReportKind kind)
    {
        Assert.True(State.Report is not null, $"expected {kind}, found nothing");
        Assert.True(State.Report!.Kind == kind, $"expected {kind}, found {State.Report.Text}");
        return State.Report;
    }
}
