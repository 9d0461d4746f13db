namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>The one thing a run's lockdep found; it is off from then on.</summary>
/// <param name="Kind">What was found.</param>
/// <param name="Lock">The class of the lock being taken, released or held.</param>
/// <param name="Task">The task that did it: "swapper/0".</param>
/// <param name="Text">The whole report in the kernel's words, lines ended by "\n", beginning with an empty one; the third is the title.</param>
internal sealed record LockdepReport(LockdepReportKind Kind, string Lock, string Task, string Text)
{
    /// <summary>The usage that was recorded before, where two exclude each other: "SOFTIRQ-ON-W".</summary>
    public string? PreviousState { get; init; }

    /// <summary>The usage that came: "IN-SOFTIRQ-W".</summary>
    public string? NewState { get; init; }

    /// <summary>The class at the other end of the dependencies, if it isn't the same.</summary>
    public string? OtherLock { get; init; }

    /// <summary>Title, lock and states in one line.</summary>
    public string Summary
    {
        get
        {
            string title = Text.Split('\n')[2].Replace("[ ", "").Replace(" ]", "");
            string states = PreviousState is null ? "" : $" {{{PreviousState}}} -> {{{NewState}}}";
            return $"{title}: {Lock}{(OtherLock is null ? "" : $" and {OtherLock}")}{states} ({Task})";
        }
    }
}
