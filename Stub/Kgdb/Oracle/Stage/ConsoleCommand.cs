using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>A command line on the guest's console, taken apart.</summary>
/// <param name="Kind">The first word.</param>
/// <param name="Cpu">C of sysrq and run.</param>
/// <param name="Participants">P of run.</param>
/// <param name="Name">NAME of run without oracle_, the letter of sysrq, or the text of write.</param>
/// <param name="Offset">OFF.</param>
/// <param name="Value">VAL.</param>
/// <param name="Second">ARG2.</param>
internal sealed record ConsoleCommand(string Kind, int Cpu, int Participants, string Name, ulong Offset, ulong Value, ulong Second)
{
    private const string FunctionPrefix = "oracle_";

    private static readonly string[] Others = ["bp", "bp2", "null", "brk", "int3", "reset"];

    /// <summary>Takes a line apart.</summary>
    /// <param name="line">As typed.</param>
    /// <param name="complaint">Why there is no such command, or null.</param>
    /// <returns>Null with a complaint.</returns>
    public static ConsoleCommand? Parse(string line, out string? complaint)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string kind = Word(words, 0);
        complaint = null;
        switch (kind)
        {
            case "sysrq":
                complaint = Word(words, 2) is "g" or "c" ? Numbers(words, 1, 1) : $"the stage has no sysrq {Word(words, 2)}";
                return complaint is null ? new ConsoleCommand(kind, (int)Number(words, 1), 0, Word(words, 2), 0, 0, 0) : null;
            case "run":
                return ParseRun(words, out complaint);
            case "write":
                return new ConsoleCommand(kind, 0, 0, string.Join(' ', words.Skip(2)), 0, 0, 0);
            case "ping" or "reboot":
                return new ConsoleCommand(kind, 0, 0, "", 0, 0, 0);
            default:
                complaint = $"the stage has no command \"{kind}\"";
                return null;
        }
    }

    private static ConsoleCommand? ParseRun(string[] words, out string? complaint)
    {
        string name = Word(words, 3);
        name = name.StartsWith(FunctionPrefix, StringComparison.Ordinal) ? name[FunctionPrefix.Length..] : name;
        complaint = !Others.Contains(name) && !StageLayout.FunctionNames.Contains(name)
            ? $"the stage has no oracle_{name}"
            : Numbers(words, 1, 2) ?? Numbers(words, 4, 6);
        return complaint is null
            ? new ConsoleCommand(
                "run", (int)Number(words, 1), (int)Number(words, 2), name, Number(words, 4), Number(words, 5), Number(words, 6))
            : null;
    }

    private static string Word(string[] words, int index) => index < words.Length ? words[index] : "";

    private static string? Numbers(string[] words, int first, int last)
    {
        for (int i = first; i <= last && i < words.Length; i++)
        {
            if (!TryNumber(words[i], out ulong value) || (first == 1 && value > byte.MaxValue))
            {
                return $"\"{words[i]}\" is no hexadecimal number that could stand there";
            }
        }

        return null;
    }

    private static ulong Number(string[] words, int index) => TryNumber(Word(words, index), out ulong value) ? value : 0;

    private static bool TryNumber(string text, out ulong value)
    {
        bool negative = text.StartsWith('-');
        text = negative ? text[1..] : text;
        text = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        bool good = ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        value = negative ? 0 - value : value;
        return good;
    }
}
