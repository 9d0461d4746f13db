using System.Text.RegularExpressions;

namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>Words that must not stand in the tree: open ends, regions, paths of one machine.</summary>
public static partial class Words
{
    public static IEnumerable<string> Check(SourceFile file)
    {
        if (file.Path.StartsWith("tests/KgdbSim.Tidy.Tests/", StringComparison.Ordinal))
        {
            yield break;
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            foreach (Regex word in new[] { OpenEnd(), Region(), OneMachine() })
            {
                Match match = word.Match(file.Lines[i]);
                if (match.Success)
                {
                    yield return $"{file.Path}:{i + 1}: '{match.Value}'";
                }
            }
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"^\s*#(region|endregion)")]
    private static partial Regex Region();

    [GeneratedRegex(@"(?<![\w.])/(work|root|home/\w+|tmp/bash_jobs)/")]
    private static partial Regex OneMachine();
}
