using System.Text;

namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>The parts of which reports consist, in the wording of one kernel.</summary>
internal sealed class ReportWriter(LockdepOptions options)
{
    private readonly StringBuilder _text = new();

    public bool IsModern { get; } = options.Format == LockdepFormat.Linux61;

    /// <summary>What was written.</summary>
    public override string ToString() => _text.ToString();

    public ReportWriter Line(string line = "")
    {
        _text.Append(line).Append('\n');
        return this;
    }

    /// <summary>
    /// An empty line where the kernel begins a message with "\n" while a line is open: printk()@6.1 ends the line first.
    /// </summary>
    public ReportWriter BrokenLine() => IsModern ? Line() : this;

    /// <summary>Dots before a stack, for the same reason on a line of their own only in 6.1.</summary>
    public ReportWriter Ellipsis()
    {
        _text.Append("...");
        return BrokenLine();
    }

    /// <summary>
    /// The title between rules, with the kernel's version. The rules are as wide as the title unless the kernel has it otherwise.
    /// </summary>
    /// <param name="title">Without "[ INFO: " and the like.</param>
    /// <param name="kind">What 2.6.30 puts before it; 6.1 always warns.</param>
    /// <param name="width">Of the rules, where the kernel's are not as wide as the title.</param>
    public ReportWriter Banner(string title, string kind = "INFO", int? width = null)
    {
        string whole = IsModern ? $"WARNING: {title}" : $"[ {kind}: {title} ]";
        int rule = width ?? whole.Length;
        Line().Line(new string('=', rule)).Line(whole);
        if (IsModern)
        {
            Line($"{options.Version} {options.Taint}");
        }
        else if (kind == "INFO")
        {
            Line(options.Version);
        }

        return Line(new string('-', rule));
    }

    /// <summary>"(name){+.?...}": print_lock_name() without its leading blank.</summary>
    public string ClassName(LockClass lockClass)
    {
        string usage = lockClass.Usage.Characters(options.Format);
        string waits = IsModern ? $"-{{{lockClass.Key.OuterWait}:{lockClass.Key.InnerWait}}}" : "";
        return $"({lockClass.DisplayName}){{{usage}}}{waits}";
    }

    /// <summary>print_lock().</summary>
    public ReportWriter Lock(HeldLock held)
    {
        CodeLocation at = held.Site.Location;
        return Line(IsModern
            ? $"{held.Address:x16} {ClassName(held.Class)}, at: {at.Text}"
            : $" {ClassName(held.Class)}, at: {Address(at)}");
    }

    /// <summary>lockdep_print_held_locks().</summary>
    public ReportWriter HeldLocks(HeldLocks task)
    {
        if (task.Count == 0)
        {
            return Line($"no locks held by {task.Name}.");
        }

        Line($"{task.Count} lock{(task.Count > 1 ? "s" : "")} held by {task.Name}:");
        for (int i = 0; i < task.Count; i++)
        {
            _text.Append($" #{i}: ");
            Lock(task[i]);
        }

        return this;
    }

    /// <summary>A saved stack: print_stack_trace()@2.6.30, print_lock_trace()@6.1.</summary>
    public ReportWriter Stack(CallSite site, int indent)
    {
        foreach (CodeLocation frame in site.Stack)
        {
            _text.Append(' ', indent + 1);
            Line(IsModern ? frame.Text : Address(frame));
        }

        return this;
    }

    /// <summary>print_irqtrace_events().</summary>
    public ReportWriter IrqEvents(IrqTrace irqs)
    {
        Line($"irq event stamp: {irqs.Stamp}");
        Event("hardirqs last  enabled", irqs.HardirqsEnabled);
        Event("hardirqs last disabled", irqs.HardirqsDisabled);
        Event("softirqs last  enabled", irqs.SoftirqsEnabled);
        return Event("softirqs last disabled", irqs.SoftirqsDisabled);
    }

    /// <summary>An empty line, "stack backtrace:" and what dump_stack() prints.</summary>
    public ReportWriter Backtrace(in ReportedEvent now) => Line().AdjoiningBacktrace(now);

    /// <summary>The same without the empty line.</summary>
    public ReportWriter AdjoiningBacktrace(in ReportedEvent now)
    {
        Line("stack backtrace:");
        HeldLocks task = now.Task;
        if (!IsModern)
        {
            Line($"Pid: {task.Pid}, comm: {task.Comm} {options.Taint} {options.Version}").Line("Call Trace:");
            foreach (CodeLocation frame in now.Site.Backtrace)
            {
                Line($" [<{frame.Address:x16}>] {(frame.IsReliable ? "" : "? ")}{frame.Text}");
            }

            return this;
        }

        Line($"CPU: {now.Cpu.Cpu} PID: {task.Pid} Comm: {task.Comm} {options.Taint} {options.Version}");
        if (options.HardwareName.Length > 0)
        {
            Line($"Hardware name: {options.HardwareName}");
        }

        string stack = now.Cpu.InNmi ? "NMI" : now.Cpu.InHardirq || now.Cpu.InSoftirq ? "IRQ" : "TASK";
        Line("Call Trace:").Line($" <{stack}>");
        foreach (CodeLocation frame in now.Site.Backtrace)
        {
            Line($" {(frame.IsReliable ? "" : "? ")}{frame.Text}");
        }

        return Line($" </{stack}>");
    }

    /// <summary>
    /// A class with its first uses: print_lock_class_header(). Stacks stand as far right as printk() had got.
    /// </summary>
    public ReportWriter ClassHeader(LockClass lockClass, int depth)
    {
        string margin = new(' ', depth);
        Line($"{margin}-> {ClassName(lockClass)}{(IsModern ? "" : $" ops: {lockClass.AcquireCount}")} {{");
        for (var usage = LockUsage.UsedInHardirq; usage < LockUsage.InNmi; usage++)
        {
            if (lockClass.Usage.Has(usage))
            {
                string title = $"{margin}   {UsageBits.Name(usage)} at:";
                Line(title).Stack(lockClass.FirstUse(usage), depth + title.Length);
            }
        }

        return Line($"{margin} }}").Line($"{margin} ... key      at: [<{lockClass.Key.Address:x16}>] {lockClass.Key.Key}");
    }

    /// <summary>print_ip_sym(): "[&lt;address>] symbol".</summary>
    public static string Address(CodeLocation location) => $"[<{location.Address:x16}>] {location.Text}";

    private ReportWriter Event(string what, IrqEvent irqEvent) =>
        Line($"{what} at ({irqEvent.Stamp}): {(irqEvent.Site is { } site ? Address(site.Location) : "[<0000000000000000>] 0x0")}");
}
