using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>A run in which something went wrong.</summary>
/// <param name="Violation">What.</param>
/// <param name="Token">Repeats it, in any process.</param>
/// <param name="Execution">The how-manieth execution it was, from 1.</param>
public sealed record Counterexample(Violation Violation, ScheduleToken Token, long Execution)
{
    /// <summary>How to see it again: one sentence, the token, and both ways of using it.</summary>
    public override string ToString() =>
        $"""
        {Token.Program}: {Violation.Kind} '{Violation.Property}': {Violation.Message}
          found in execution {Execution}, {Token.Schedule.Choices.Length} steps, {Token.Schedule.SwitchCount} switches
          replay: kgdbsim replay {Token}
          or:     Explorer.Replay(program, "{Token}")
        """;
}
