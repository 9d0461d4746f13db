using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>
/// Runs a program in many orders, or in one particular order. <c>Check...</c> throws if something goes wrong, with a message
/// that says how to repeat it; <see cref="Explore(IProgram, ExplorationOptions)"/> only reports.
/// </summary>
public static class Explorer
{
    /// <summary>Every behaviour, once each.</summary>
    /// <exception cref="ExplorationFailedException">Something went wrong.</exception>
    public static ExplorationReport CheckOptimal(IProgram program) => Check(program, new ExplorationOptions());

    /// <summary>Every behaviour, once each, with store buffers.</summary>
    /// <exception cref="ExplorationFailedException">Something went wrong.</exception>
    public static ExplorationReport CheckOptimal(IProgram program, MemoryModel memory) =>
        Check(program, new ExplorationOptions { Memory = memory });

    /// <summary>Every interleaving.</summary>
    /// <exception cref="ExplorationFailedException">Something went wrong.</exception>
    public static ExplorationReport CheckExhaustive(IProgram program) =>
        Check(program, new ExplorationOptions { Strategy = Strategy.Exhaustive });

    /// <summary>Every interleaving with at most so many preemptions.</summary>
    /// <exception cref="ExplorationFailedException">Something went wrong.</exception>
    public static ExplorationReport CheckPreemptionBounded(IProgram program, int preemptionCountMax) => Check(program,
        new ExplorationOptions { Strategy = Strategy.PreemptionBounded, PreemptionCountMax = preemptionCountMax });

    /// <summary>So many random runs.</summary>
    /// <exception cref="ExplorationFailedException">Something went wrong.</exception>
    public static ExplorationReport CheckRandom(IProgram program, long executionCount, ulong seed) => Check(program,
        new ExplorationOptions { Strategy = Strategy.Random, ExecutionCountMax = executionCount, Seed = seed });

    /// <summary>So many runs with random priorities, for bugs of a given depth.</summary>
    /// <exception cref="ExplorationFailedException">Something went wrong.</exception>
    public static ExplorationReport CheckPct(IProgram program, long executionCount, int depth, ulong seed) => Check(program,
        new ExplorationOptions
        {
            Strategy = Strategy.Pct, ExecutionCountMax = executionCount, PctDepth = depth, Seed = seed,
        });

    /// <summary>Explores as the options say.</summary>
    /// <exception cref="ExplorationFailedException">Something went wrong.</exception>
    public static ExplorationReport Check(IProgram program, ExplorationOptions options)
    {
        ExplorationReport report = Explore(program, options);
        report.ThrowIfViolated();
        return report;
    }

    /// <summary>Explores as the options say, and makes the counterexamples small.</summary>
    public static ExplorationReport Explore(IProgram program, ExplorationOptions options) =>
        Explore(program, options, null);

    /// <summary>Explores as the options say, and makes the counterexamples small.</summary>
    /// <param name="program">What.</param>
    /// <param name="options">How.</param>
    /// <param name="onProgress">Called every <see cref="ExplorationOptions.ProgressInterval"/> executions; false stops.</param>
    public static ExplorationReport Explore(
        IProgram program, ExplorationOptions options, Func<ExplorationProgress, bool>? onProgress)
    {
        ExplorationRun run = new(program, options);
        while (run.Advance(options.ProgressInterval) && onProgress?.Invoke(run.Progress) != false)
        {
        }

        return Shrink(program, options, run.Report());
    }

    /// <summary>The same report with each counterexample as small as it will go.</summary>
    public static ExplorationReport Shrink(IProgram program, ExplorationOptions options, ExplorationReport report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        return options.ShrinkRunCountMax == 0 || report.Counterexamples.Count == 0
            ? report
            : report with { Counterexamples = [.. report.Counterexamples.Select(found => Shrink(program, options, found))] };
    }

    /// <summary>The counterexample with as few switches and then as few steps as it will do with.</summary>
    public static Counterexample Shrink(IProgram program, ExplorationOptions options, Counterexample found)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(found);
        ScheduleShrinker shrinker = new(program, options, found);
        Schedule schedule = shrinker.Shrink();
        return found with { Violation = shrinker.BestViolation, Token = found.Token with { Schedule = schedule } };
    }

    /// <summary>Makes the run of a token again.</summary>
    /// <exception cref="ReplayException">The token cannot be read, or is of another program.</exception>
    public static ReplayResult Replay(IProgram program, string token)
    {
        TokenError error = ScheduleToken.TryParse(token, out ScheduleToken? parsed);
        return parsed is null
            ? throw new ReplayException(error, $"This is no replay token ({error}): {token}")
            : Replay(program, parsed, new ExplorationOptions());
    }

    /// <summary>Makes the run of a token again; of the options only those that concern a single run matter.</summary>
    /// <exception cref="ReplayException">The token is of another program.</exception>
    public static ReplayResult Replay(IProgram program, ScheduleToken token, ExplorationOptions options)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(options);
        return Replayer.Replay(program, token, options);
    }

    /// <summary>Makes one run as a script says (see <see cref="ScriptedPolicy"/>).</summary>
    public static ReplayResult RunScript(IProgram program, string script, ExplorationOptions options)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(options);
        ScriptedPolicy policy = new(script);
        policy.BeginRun(0);
        return Replayer.Run(program, policy, options.Memory, options, () => policy.Divergence);
    }
}
