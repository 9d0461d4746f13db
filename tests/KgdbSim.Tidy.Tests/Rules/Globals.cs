using System.Text.RegularExpressions;

namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>No mutable static field outside tests: two simulations in one process must not meet.</summary>
public static partial class Globals
{
    public static IEnumerable<string> Check(SourceFile file)
    {
        if (file.IsTest)
        {
            yield break;
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (MutableStatic().IsMatch(file.Lines[i]))
            {
                yield return $"{file.Path}:{i + 1}: mutable static: {file.Lines[i].Trim()}";
            }
        }
    }

    [GeneratedRegex(@"^\s*(public|internal|private|protected)\s+static\s+(?!readonly\b|class\b|partial\b|abstract\b|extern\b|unsafe\s+partial|event\b)[\w<>\[\],.?* ]+\s+\w+\s*(;|=[^>=])")]
    private static partial Regex MutableStatic();
}
