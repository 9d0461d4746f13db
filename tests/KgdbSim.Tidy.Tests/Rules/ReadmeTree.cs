using System.Text.RegularExpressions;

namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>The tree in README.md names every top-level entry and every folder below Protocol, Target, Stub and tests, and nothing else.</summary>
public static partial class ReadmeTree
{
    /// <summary>Paths that the tree between the two marks names, relative to the root.</summary>
    public static IReadOnlySet<string> Parse(string readme)
    {
        Match block = Block().Match(readme);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        string top = "";
        foreach (string line in block.Groups[1].Value.Split('\n'))
        {
            Match entry = Entry().Match(line);
            if (!entry.Success)
            {
                continue;
            }

            string name = entry.Groups[2].Value.TrimEnd('/');
            if (entry.Groups[1].Length == 0)
            {
                top = name;
                paths.Add(name);
            }
            else
            {
                paths.Add($"{top}/{name}");
            }
        }

        return paths;
    }

    [GeneratedRegex(@"<!-- tree -->\s*```\w*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(\s*)([\w.\-]+/?)(\s|$)")]
    private static partial Regex Entry();
}
