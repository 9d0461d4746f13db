using System.Text.RegularExpressions;

namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>A source file declares a type named as the file, and some other file (or a test framework) uses one of its types.</summary>
public static partial class DeadFiles
{
    public static IEnumerable<string> Check(IReadOnlyList<SourceFile> files)
    {
        // Every file's set of words once, instead of every file searched for every name.
        List<(SourceFile File, HashSet<string> Words)> indexed = [.. files.Select(f => (f, Words(f.Text)))];
        var counts = new Dictionary<string, int>();
        foreach ((_, HashSet<string> words) in indexed)
        {
            foreach (string word in words)
            {
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }

        foreach ((SourceFile file, _) in indexed)
        {
            if (file.IsTest || file.Path.EndsWith("/Program.cs", StringComparison.Ordinal))
            {
                continue;
            }

            string[] declared = [.. Declaration().Matches(file.Text).Select(m => m.Groups[2].Value)];
            if (declared.Length > 0 && !declared.Any(name => counts.GetValueOrDefault(name) > 1) && !Extends(file))
            {
                yield return $"{file.Path}: nobody uses {string.Join(", ", declared)}";
            }
        }
    }

    // Extension methods are used by their own names.
    private static bool Extends(SourceFile file) =>
        file.Text.Contains("(this ", StringComparison.Ordinal) || file.Text.Contains("    extension", StringComparison.Ordinal);

    private static HashSet<string> Words(string text) => [.. Word().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\b(class|struct|interface|enum|record)\s+(?!struct\b|class\b)(\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
