using System.Globalization;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>Reads the words of a command from left to right; the first that is wrong is what is complained of.</summary>
internal ref struct Words(ReadOnlySpan<string> words)
{
    private ReadOnlySpan<string> _rest = words;

    /// <summary>What was wrong; null: nothing so far.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Nothing was wrong, and nothing is left over.</summary>
    public bool AreComplete
    {
        get
        {
            if (Complaint is null && !_rest.IsEmpty)
            {
                Complaint = $"'{_rest[0]}' is too much";
            }

            return Complaint is null;
        }
    }

    /// <summary>Whether there is another word.</summary>
    public readonly bool HasMore => !_rest.IsEmpty;

    /// <summary>One of these words; its index, or -1.</summary>
    public int OneOf(scoped ReadOnlySpan<string> choices)
    {
        string word = Next(string.Join("|", choices!));
        int index = choices.IndexOf(word);
        if (index < 0)
        {
            Complain($"'{word}' is not one of {string.Join(", ", choices!)}");
        }

        return index;
    }

    /// <summary>Any word.</summary>
    public string Next(string what)
    {
        if (_rest.IsEmpty)
        {
            Complain($"{what} is missing");
            return "";
        }

        string word = _rest[0];
        _rest = _rest[1..];
        return word;
    }

    /// <summary>Takes the word away if it is the next one.</summary>
    public bool Skip(string word)
    {
        bool isNext = !_rest.IsEmpty && _rest[0] == word;
        _rest = isNext ? _rest[1..] : _rest;
        return isNext;
    }

    /// <summary>The number of a CPU.</summary>
    public int Cpu(int count) => CpuOf(Next("CPU"), count);

    /// <summary>The number of a CPU, or null for "all".</summary>
    public int? CpuOrAll(int count)
    {
        string word = Next("CPU");
        return word == "all" ? null : CpuOf(word, count);
    }

    /// <summary>A number from 0 to <paramref name="max"/>.</summary>
    public int Number(string what, int max)
    {
        string word = Next(what);
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value > max)
        {
            Complain($"'{word}' is no {what}: it is 0 to {max}");
        }

        return value;
    }

    /// <summary>An address: 0x and hexadecimal digits, or decimal ones.</summary>
    public ulong Address()
    {
        string word = Next("ADDR");
        bool isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!ulong.TryParse(isHex ? word.AsSpan(2) : word, style, CultureInfo.InvariantCulture, out ulong value))
        {
            Complain($"'{word}' is no address: such as 0x{0x200000:x}");
        }

        return value;
    }

    /// <summary>r, w, rw or x.</summary>
    public KernelBreakpointKind Kind()
    {
        string word = Next("r|w|rw|x");
        switch (word)
        {
            case "r":
                return KernelBreakpointKind.Read;
            case "w":
                return KernelBreakpointKind.Write;
            case "rw":
                return KernelBreakpointKind.ReadWrite;
            case "x":
                return KernelBreakpointKind.Execute;
            default:
                Complain($"'{word}' is not one of r, w, rw, x");
                return default;
        }
    }

    private int CpuOf(string word, int count)
    {
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int cpu) || cpu >= count)
        {
            Complain($"'{word}' is not a CPU: they are 0 to {count - 1}");
        }

        return cpu;
    }

    private void Complain(string what) => Complaint ??= what;
}
