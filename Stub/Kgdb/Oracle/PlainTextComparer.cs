using System.Text;
using System.Text.RegularExpressions;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Compares what kdb says on the line in its own words: the lines with which it begins and ends, numbers aside. What else stands there is the
/// kernel's own; without kdb it is all console output, and none of it is compared.
/// </summary>
internal sealed partial class PlainTextComparer(bool hasKdb)
{
    /// <summary>What follows this looks like packets, and may have been written down as such.</summary>
    private const string Attach = "Entering please attach debugger";

    private readonly StringBuilder _recorded = new();

    /// <summary>The recorder saw characters that were no packet.</summary>
    public void Recorded(ReadOnlySpan<byte> text) => _recorded.Append(Encoding.Latin1.GetString(text));

    /// <summary>Whatever was recorded until now must have come.</summary>
    public IEnumerable<(string Recorded, string Ours)> Compare(string ours)
    {
        string recorded = _recorded.ToString();
        _recorded.Clear();
        if (!hasKdb)
        {
            yield break;
        }

        HashSet<string> came = [.. Lines(ours)];
        foreach (string line in Lines(recorded))
        {
            if (!came.Contains(line))
            {
                yield return (line, ours.Length == 0 ? "silence" : string.Join(" / ", Lines(ours)));
            }
        }
    }

    private static IEnumerable<string> Lines(string text) =>
        from line in text.Split('\r', '\n')
        let prompt = line.IndexOf("]kdb>", StringComparison.Ordinal)
        where prompt >= 0 || line.StartsWith("Entering ", StringComparison.Ordinal)
        let end = prompt >= 0 ? prompt + "]kdb>".Length : line.StartsWith(Attach, StringComparison.Ordinal) ? Attach.Length : line.Length
        select Numbers().Replace(line[..end], "#");

    // An address, or a pid.
    [GeneratedRegex("0x[0-9a-f.]+|(?<=pid )[0-9]+")]
    private static partial Regex Numbers();
}
