using System.Globalization;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// Values of DR0 and DR7 in kernel probes: terms joined by <c>|</c>, <c>+</c> or <c>-</c>, shifted by <c>&lt;&lt;</c>.
/// The names are <c>B</c>, the watched place in the buffer, <c>G</c>, DR7.GD, and <c>p_...</c>, the body's start or
/// end.
/// </summary>
internal static class ProbeExpression
{
    private const ulong GeneralDetect = 1 << 13;

    /// <exception cref="FormatException">Not of that form.</exception>
    public static ulong Evaluate(string text, ulong watched, ulong start, ulong end)
    {
        ulong value = 0;
        foreach (string term in text.Split('|', StringSplitOptions.TrimEntries))
        {
            value |= Term(term, watched, start, end);
        }

        return value;
    }

    private static ulong Term(string text, ulong watched, ulong start, ulong end)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        ulong value = Atom(words[0], watched, start, end);
        for (int i = 1; i + 1 < words.Length; i += 2)
        {
            ulong right = Atom(words[i + 1], watched, start, end);
            value = words[i] switch
            {
                "+" => value + right,
                "-" => value - right,
                "<<" => value << (int)right,
                _ => throw new FormatException($"unknown operator in a probe's register value: {text}"),
            };
        }

        return value;
    }

    private static ulong Atom(string text, ulong watched, ulong start, ulong end) => text switch
    {
        "B" => watched,
        "G" => GeneralDetect,
        _ when text.StartsWith("p_", StringComparison.Ordinal) =>
            text.EndsWith("_end", StringComparison.Ordinal) ? end : start,
        _ when text.StartsWith("0x", StringComparison.Ordinal) =>
            ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        _ => ulong.Parse(text, CultureInfo.InvariantCulture),
    };
}
