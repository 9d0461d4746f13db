using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>A command line on the guest's console, taken apart.</summary>
/// <param name="Kind">The first word.</param>
/// <param name="Cpu">C of sysrq and run.</param>
/// <param name="Participants">P of run.</param>
/// <param name="Name">NAME of run, the letter of sysrq, or the text of write.</param>
internal sealed record ConsoleCommand(string Kind, int Cpu, int Participants, string Name, ulong Offset, ulong Value, ulong Second)
{
    public static ConsoleCommand Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string kind = words.Length > 0 ? words[0] : "";
        return kind switch
        {
            "sysrq" => new ConsoleCommand(kind, (int)Number(words, 1), 0, Word(words, 2), 0, 0, 0),
            "run" => new ConsoleCommand(
                kind, (int)Number(words, 1), (int)Number(words, 2), Word(words, 3), Number(words, 4), Number(words, 5), Number(words, 6)),
            "write" => new ConsoleCommand(kind, 0, 0, string.Join(' ', words.Skip(2)), 0, 0, 0),
            _ => new ConsoleCommand(kind, 0, 0, "", 0, 0, 0),
        };
    }

    private static string Word(string[] words, int index) => index < words.Length ? words[index] : "";

    private static ulong Number(string[] words, int index)
    {
        string text = Word(words, index);
        bool negative = text.StartsWith('-');
        text = negative ? text[1..] : text;
        text = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? negative ? 0 - value : value
            : 0;
    }
}
