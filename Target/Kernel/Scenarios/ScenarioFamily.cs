namespace KgdbSim.Target.Kernel.Scenarios;

/// <summary>Which discussion a scenario is drawn from.</summary>
/// <param name="Prefix">How its numbers begin.</param>
/// <param name="Title">What the discussion was about, and when.</param>
public sealed record ScenarioFamily(string Prefix, string Title)
{
    private static readonly ScenarioFamily[] Families =
    [
        new("HB", "hardware breakpoint interface, May 2009"),
        new("TP", "text poke and static calls, January 2019"),
        new("MK", "kernel markers, May 2007"),
        new("KP", "kprobes under RCU, October 2005"),
        new("KG", "kgdb on hw_breakpoint, January 2010"),
        new("XS", "between the systems"),
    ];

    /// <summary>All of them, in the order of the catalogue.</summary>
    public static IReadOnlyList<ScenarioFamily> All => Families;

    /// <summary>The family of a scenario.</summary>
    /// <exception cref="ArgumentException">No family has this prefix.</exception>
    public static ScenarioFamily Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        foreach (ScenarioFamily family in Families)
        {
            if (id.StartsWith(family.Prefix + "-", StringComparison.Ordinal))
            {
                return family;
            }
        }

        throw new ArgumentException($"'{id}' belongs to no family of scenarios.", nameof(id));
    }
}
