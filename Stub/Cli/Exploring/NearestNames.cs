namespace KgdbSim.Cli.Exploring;

/// <summary>What somebody who mistyped a name may have meant.</summary>
internal static class NearestNames
{
    private const int OfferedMax = 3;

    /// <summary>The nearest of the names, best first, at most three; ties in the order given.</summary>
    public static IReadOnlyList<string> Of(string mistyped, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(mistyped);
        string wanted = mistyped.ToUpperInvariant();
        return
        [
            .. names.Select(name => (Name: name, Distance: Distance(wanted, name.ToUpperInvariant())))
                .Where(candidate => candidate.Distance < Math.Max(wanted.Length, candidate.Name.Length))
                .OrderBy(candidate => candidate.Distance)
                .Take(OfferedMax)
                .Select(candidate => candidate.Name),
        ];
    }

    /// <summary>How many characters must be inserted, left out or replaced (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] row = new int[to.Length + 1];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(above[j], row[j - 1]));
            }

            above = row;
        }

        return above[^1];
    }
}
