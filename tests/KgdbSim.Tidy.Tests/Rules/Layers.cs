using System.Text.RegularExpressions;

namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>Inside Target, a namespace uses only those below it. The order is design decision, not a description of the code.</summary>
public static partial class Layers
{
    /// <summary>Bottom first; those of one row don't know each other.</summary>
    private static readonly string[][] Order =
    [
        ["Primitives"],
        ["Memory", "Tracing"],
        ["Cpu"],
        ["Traps", "Interrupts", "Devices"],
        ["Machine"],
        ["Scheduling", "Loading", "Vectors"],
        ["Timeline"],
        ["Kernel", "Exploration"],
        ["Embedding"],
    ];

    public static IEnumerable<string> Check(SourceFile file)
    {
        string[] parts = file.Path.Split('/');
        if (parts[0] != "Target" || parts.Length < 3)
        {
            yield break;
        }

        int own = Array.FindIndex(Order, row => row.Contains(parts[1]));
        if (own < 0)
        {
            yield return $"{file.Path}: folder {parts[1]} has no place in the order of layers";
            yield break;
        }

        foreach (Match match in Reference().Matches(file.Text))
        {
            string other = match.Groups[1].Value;
            int layer = Array.FindIndex(Order, row => row.Contains(other));
            if (other != parts[1] && layer >= own)
            {
                yield return $"{file.Path}: {parts[1]} must not use {other}";
            }
        }
    }

    [GeneratedRegex(@"KgdbSim\.Target\.(\w+)")]
    private static partial Regex Reference();
}
