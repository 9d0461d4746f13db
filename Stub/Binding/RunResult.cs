namespace KgdbSim.Stub.Binding;

/// <summary>How a slice of a run ended.</summary>
internal enum RunEnd : byte
{
    /// <summary>The step budget is spent; the run goes on with the next slice.</summary>
    BudgetSpent,

    /// <summary>One CPU or more stopped; the list given to the run says which and why.</summary>
    Stopped,

    /// <summary>Something stopped that the debugger does not want to hear of; the run goes on with the next slice.</summary>
    Resumed,

    /// <summary>Every CPU that may run waits for something that cannot happen by itself: only the debugger ends this.</summary>
    Idle,

    /// <summary>The guest ended the machine; <see cref="RunResult.ExitCode"/> is its word.</summary>
    Exited,
}

/// <summary>The end of a slice of a run.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">The guest's exit code, 0-255, when it exited.</param>
internal readonly record struct RunResult(RunEnd End, int ExitCode = 0);
