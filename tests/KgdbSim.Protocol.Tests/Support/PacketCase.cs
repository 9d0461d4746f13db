using System.Globalization;

namespace KgdbSim.Protocol.Tests.Support;

/// <summary>What a line of <c>Corpora/packets.txt</c> says about its payload.</summary>
public enum PacketVerdict
{
    Parses,
    Malformed,
    Unknown,
}

/// <summary>One line of <c>Corpora/packets.txt</c>.</summary>
public sealed record PacketCase(byte[] Payload, PacketVerdict Verdict, string PacketType, string Expected, string Line)
{
    private static readonly (string Mark, PacketVerdict Verdict)[] Marks =
        [(" -> ", PacketVerdict.Parses), (" !! ", PacketVerdict.Malformed), (" ?? ", PacketVerdict.Unknown)];

    public static IReadOnlyList<PacketCase> All { get; } =
        [.. Corpus.Lines("packets.txt").Select(Parse)];

    public override string ToString() => Line;

    private static PacketCase Parse(string line)
    {
        (string mark, PacketVerdict verdict) = Marks.First(mark => line.Contains(mark.Mark, StringComparison.Ordinal));
        int at = line.IndexOf(mark, StringComparison.Ordinal);
        string[] rest = line[(at + mark.Length)..].Split(' ', 2);
        return new PacketCase(Unescape(line[..at]), verdict, rest[0], rest.ElementAtOrDefault(1) ?? "", line);
    }

    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                bytes.Add(byte.Parse(text.AsSpan(at + 2, 2), NumberStyles.HexNumber));
                at += 3;
            }
            else
            {
                bytes.Add((byte)text[at]);
            }
        }

        return [.. bytes];
    }
}
