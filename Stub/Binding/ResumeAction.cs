namespace KgdbSim.Stub.Binding;

/// <summary>How one CPU takes part in a run.</summary>
internal enum ResumeKind : byte
{
    /// <summary>It stands still while others run.</summary>
    Stay,

    /// <summary>It runs until something stops it.</summary>
    Continue,

    /// <summary>It retires one instruction, or takes one interrupt, then stops.</summary>
    Step,

    /// <summary>It steps as long as its instruction pointer is in the range, then stops.</summary>
    RangeStep,
}

/// <summary>One CPU's part in a run; the range [Start, End) matters to <see cref="ResumeKind.RangeStep"/> only.</summary>
internal readonly record struct ResumeAction(ResumeKind Kind, ulong RangeStart, ulong RangeEnd)
{
    /// <summary>The CPU stands still.</summary>
    public static ResumeAction Stay => default;

    /// <summary>The CPU runs freely.</summary>
    public static ResumeAction Continue => new(ResumeKind.Continue, 0, 0);

    /// <summary>The CPU makes one step.</summary>
    public static ResumeAction Step => new(ResumeKind.Step, 0, 0);

    /// <summary>The CPU steps until its instruction pointer leaves [<paramref name="start"/>, <paramref name="end"/>).</summary>
    public static ResumeAction StepWithin(ulong start, ulong end) => new(ResumeKind.RangeStep, start, end);

    /// <summary>Whether the action asks for single steps.</summary>
    public bool IsStep => Kind is ResumeKind.Step or ResumeKind.RangeStep;
}
