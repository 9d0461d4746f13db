using KgdbSim.Target.Exploration;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>A run in which something went wrong, seen again: what text, pictures and traces are made from.</summary>
/// <param name="Case">Whose run.</param>
/// <param name="Violation">What went wrong; null if the run shows nothing wrong.</param>
/// <param name="Token">Repeats it.</param>
/// <param name="Steps">What each step did, as far as the run could be repeated.</param>
/// <param name="FatalStep">The number of the step after which it was noticed; -1 if it was before the first.</param>
internal sealed record Incident(
    ScenarioCase Case, Violation? Violation, ScheduleToken Token, IReadOnlyList<StepRecord> Steps, long FatalStep)
{
    /// <summary>What cells and locks hold when it is noticed.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Contents { get; init; } = [];

    /// <summary>In what way the program could not follow the token, or null.</summary>
    public string? Divergence { get; private init; }

    /// <summary>In one sentence, what an observer would see.</summary>
    public string Sentence => Violation is null
        ? "nothing goes wrong"
        : Case.Variant.IsViolated ? Case.Scenario.Subject : Violation.Message;

    /// <summary>Whether the scenario threw, rather than showed something.</summary>
    public bool IsError => Violation?.Kind == ViolationKind.TaskThrew;

    /// <summary>How to see it again.</summary>
    public string ReplayCommand => $"kgdbsim replay {Token}";

    /// <summary>Every violation that an exploration found, each with its run; an error among them.</summary>
    public static IReadOnlyList<Incident> Of(CaseResult result)
    {
        List<Incident> incidents =
            [.. result.Report.Counterexamples.Select(found => Replay(result.Case, found.Token, result.Options, found.Violation))];
        if (result.Report is { Error: { } error, ErrorToken: { } token })
        {
            Violation violation = new(ViolationKind.TaskThrew, "error", error);
            incidents.Add(Replay(result.Case, token, result.Options, violation));
        }

        return incidents;
    }

    /// <summary>Makes the run of a token again.</summary>
    /// <param name="which">Whose.</param>
    /// <param name="token">The run.</param>
    /// <param name="options">Of these only what concerns a single run matters.</param>
    /// <param name="known">What is known to go wrong in it; null: whatever does first.</param>
    public static Incident Replay(ScenarioCase which, ScheduleToken token, ExplorationOptions options, Violation? known)
    {
        int length = token.Schedule.Choices.Length;
        ExplorationOptions roomy = options with { StepCountMax = Math.Max(options.StepCountMax, length + 1) };
        try
        {
            return Of(which, token, Explorer.Replay(which.Program, token, roomy), known);
        }
#pragma warning disable CA1031 // A scenario whose set-up or property throws is reported with its token.
        catch (Exception exception) when (exception is not SimulatorBug)
#pragma warning restore CA1031
        {
            Violation threw = new(ViolationKind.TaskThrew, exception.GetType().Name,
                $"{which.Name} threw {exception.GetType().Name}: {exception.Message}");
            return new Incident(which, known ?? threw, token, [], -1);
        }
    }

    private static Incident Of(ScenarioCase which, ScheduleToken token, ReplayResult replay, Violation? known)
    {
        int index = 0;
        for (int i = 0; known is not null && i < replay.Violations.Count; i++)
        {
            if (replay.Violations[i].Kind == known.Kind && replay.Violations[i].Property == known.Property)
            {
                index = i;
            }
        }

        bool shown = index < replay.Violations.Count;
        return new Incident(
            which,
            known ?? (shown ? replay.Violations[index] : null),
            token,
            replay.Steps,
            shown ? replay.ViolationSteps[index] - 1 : -1)
        {
            Divergence = replay.Divergence,
            Contents = replay.Contents,
        };
    }
}
