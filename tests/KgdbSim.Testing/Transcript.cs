using System.Globalization;
using System.Text;

namespace KgdbSim.Testing;

/// <summary>
/// A recorded conversation between gdb and a stub, in the form that <c>kgdbsim serve --trace</c> writes: <c>&gt;</c> a
/// packet of the debugger's, <c>&lt;</c> one of the stub's, <c>*</c> a remark; unprintable bytes as <c>\xNN</c>.
/// </summary>
public sealed class Transcript
{
    private Transcript(IReadOnlyList<Exchange> exchanges) => Exchanges = exchanges;

    /// <summary>What was asked and how it was answered, in order.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; }

    /// <summary>Reads a transcript.</summary>
    /// <exception cref="FormatException">A line is none of the three kinds, or an answer comes before any question.</exception>
    public static Transcript Parse(string text)
    {
        List<Exchange> exchanges = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            switch (line)
            {
                case ['>', ' ', .. string request]:
                    exchanges.Add(new Exchange(number, Unescape(request), []));
                    break;
                case ['>']:
                    exchanges.Add(new Exchange(number, "", []));
                    break;
                case ['<', ..] when exchanges.Count > 0:
                    exchanges[^1].Replies.Add(Unescape(line.Length > 2 ? line[2..] : ""));
                    break;
                case "* Ctrl-C":
                    exchanges.Add(new Exchange(number, "\x03", []));
                    break;
                case "" or ['*', ..]:
                    break;
                default:
                    throw new FormatException($"line {number} is no line of a transcript: {line}");
            }
        }

        return new Transcript(exchanges);
    }

    private static string Unescape(string text)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                plain.Append((char)byte.Parse(text.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}

/// <summary>A packet and what came back before the next one.</summary>
/// <param name="Line">Where it stands in the transcript, for messages.</param>
/// <param name="Request">The packet's payload, bytes as Latin-1; 0x03 alone is Ctrl-C.</param>
/// <param name="Replies">The payloads that answered it, console output included.</param>
public sealed record Exchange(int Line, string Request, List<string> Replies);
