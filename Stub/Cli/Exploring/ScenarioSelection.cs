using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Cli.Exploring;

/// <summary>Finds in a catalogue what the user names.</summary>
internal sealed class ScenarioSelection(IReadOnlyList<Scenario> catalogue)
{
    /// <summary>The word for all of them.</summary>
    public const string All = "all";

    /// <summary>The scenarios that an id, a family or "all" names.</summary>
    /// <exception cref="UsageException">It names none; the message offers the nearest.</exception>
    public IReadOnlyList<Scenario> Scenarios(string name)
    {
        Scenario[] found = [.. catalogue.Where(scenario => Names(scenario, name))];
        if (found.Length > 0 || Equal(name, All))
        {
            return found;
        }

        if (ScenarioFamily.All.Any(family => Equal(name, family.Prefix)))
        {
            throw new UsageException($"family {name} has no scenarios yet");
        }

        IEnumerable<string> names = catalogue.Select(scenario => scenario.Id)
            .Concat(ScenarioFamily.All.Select(family => family.Prefix)).Append(All);
        throw new UsageException($"there is no scenario {name}{Offer(name, names)}; 'kgdbsim scenarios' lists all");
    }

    /// <summary>Their variants: "bad", "fixed", "both", or one by its name where scenarios have it.</summary>
    /// <exception cref="UsageException">Nothing matches.</exception>
    public IReadOnlyList<ScenarioCase> Cases(string name, string variant)
    {
        IReadOnlyList<Scenario> scenarios = Scenarios(name);
        ScenarioCase[] cases =
        [
            .. scenarios.SelectMany(scenario => scenario.Variants
                .Where(candidate => Matches(candidate, variant))
                .Select(candidate => new ScenarioCase(scenario, candidate))),
        ];
        if (cases.Length > 0)
        {
            return cases;
        }

        IEnumerable<string> variants = scenarios.SelectMany(scenario => scenario.Variants).Select(known => known.Name).Distinct();
        throw new UsageException($"--variant {variant}: {name} has no such variant; choose from: both, {string.Join(", ", variants)}");
    }

    /// <summary>The case that a token or a file names as its program.</summary>
    /// <exception cref="UsageException">There is none; the message offers the nearest.</exception>
    public ScenarioCase OfProgram(string program)
    {
        ScenarioCase[] cases =
            [.. catalogue.SelectMany(scenario => scenario.Variants.Select(variant => new ScenarioCase(scenario, variant)))];
        return Array.Find(cases, candidate => candidate.Name == program)
            ?? throw new UsageException(
                $"there is no program {program}{Offer(program, cases.Select(known => known.Name))}; "
                + "the token may be of another version of this program");
    }

    private static bool Names(Scenario scenario, string name) =>
        Equal(name, All) || Equal(name, scenario.Id) || Equal(name, scenario.Family.Prefix);

    private static bool Matches(ScenarioVariant candidate, string variant) => variant switch
    {
        "both" => true,
        "bad" => !candidate.HasFix,
        "fixed" => candidate.HasFix,
        _ => candidate.Name == variant,
    };

    private static string Offer(string mistyped, IEnumerable<string> names)
    {
        IReadOnlyList<string> nearest = NearestNames.Of(mistyped, names);
        return nearest.Count == 0 ? "" : $"; nearest: {string.Join(", ", nearest)}";
    }

    private static bool Equal(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
