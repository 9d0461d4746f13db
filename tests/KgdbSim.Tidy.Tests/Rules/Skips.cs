using System.Text.RegularExpressions;

namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>No test is skipped.</summary>
public static partial class Skips
{
    public static IEnumerable<string> Check(SourceFile file)
    {
        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (Skip().IsMatch(file.Lines[i]) && !file.Path.StartsWith("tests/KgdbSim.Tidy.Tests/", StringComparison.Ordinal))
            {
                yield return $"{file.Path}:{i + 1}: a skipped test";
            }
        }
    }

    [GeneratedRegex(@"\bSkip\s*=\s*""")]
    private static partial Regex Skip();
}
