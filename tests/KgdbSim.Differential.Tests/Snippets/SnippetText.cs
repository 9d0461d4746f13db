using System.Globalization;
using System.Text;

namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>
/// Snippets and outcomes as text, for the corpus: words <c>name=value</c>, and only what is not as in
/// <see cref="MachineState.Initial"/>, or for an outcome as in the snippet. Numbers are hexadecimal; memory, <c>x0</c>..<c>x15</c>
/// and <c>st0</c>..<c>st7</c> are bytes in memory order.
/// </summary>
internal static unsafe class SnippetText
{
    public static string Write(Snippet snippet)
    {
        var text = new StringBuilder(Convert.ToHexStringLower(snippet.Code));
        MachineState initial = MachineState.Initial;
        fixed (MachineState* state = &snippet.State)
        {
            State(text, &initial, state);
        }

        Lines(text, new byte[Layout.DataBytes], Memory(snippet));
        return text.ToString();
    }

    public static string Write(Snippet snippet, Outcome outcome)
    {
        var text = new StringBuilder();
        text.Append(outcome.Ending switch
        {
            Ending.Endless => "endless",
            Ending.SystemCall => "systemcall",
            _ => $"trap={outcome.Trap} error={outcome.Error:x} cr2={outcome.Cr2:x}",
        });
        fixed (MachineState* before = &snippet.State, after = &outcome.State)
        {
            State(text, before, after);
        }

        Lines(text, Memory(snippet), outcome.Memory);
        return text.ToString();
    }

    public static Snippet ReadSnippet(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        MachineState state = MachineState.Initial;
        var memory = new byte[Layout.DataBytes];
        foreach (string word in words.AsSpan(1))
        {
            Read(word, &state, memory);
        }

        (ulong address, byte[] window) = Window(memory);
        return new Snippet { Code = Convert.FromHexString(words[0]), State = state, WindowAddress = address, Window = window };
    }

    public static Outcome ReadOutcome(string text, Snippet snippet)
    {
        var outcome = new Outcome { State = snippet.State };
        snippet.FillMemory(outcome.Memory);
        MachineState state = outcome.State;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = word.Split('=');
            switch (pair[0])
            {
                case "endless":
                    outcome.Ending = Ending.Endless;
                    break;
                case "systemcall":
                    outcome.Ending = Ending.SystemCall;
                    break;
                case "trap":
                    outcome.Trap = int.Parse(pair[1], CultureInfo.InvariantCulture);
                    break;
                case "error":
                    outcome.Error = (uint)Number(pair[1]);
                    break;
                case "cr2":
                    outcome.Cr2 = Number(pair[1]);
                    break;
                default:
                    Read(word, &state, outcome.Memory);
                    break;
            }
        }

        outcome.State = state;
        return outcome;
    }

    private static void State(StringBuilder text, MachineState* was, MachineState* now)
    {
        for (int i = 0; i < StateField.All.Length; i++)
        {
            StateField field = StateField.All[i];
            ReadOnlySpan<byte> before = field.Of(was);
            ReadOnlySpan<byte> after = field.Of(now);
            if (!before.SequenceEqual(after))
            {
                text.Append($" {field.Name}={field.Write(after)}");
            }
        }
    }

    private static void Read(string word, MachineState* state, byte[] memory)
    {
        string[] pair = word.Split('=');
        if (char.IsAsciiDigit(pair[0][0]))
        {
            Convert.FromHexString(pair[1]).CopyTo(memory, (int)(Number(pair[0]) - Layout.Data));
            return;
        }

        StateField field = Array.Find(StateField.All, candidate => candidate.Name == pair[0])
            ?? throw new FormatException($"no such thing: '{word}'");
        field.Read(pair[1], field.Of(state));
    }

    private static void Lines(StringBuilder text, ReadOnlySpan<byte> was, ReadOnlySpan<byte> now)
    {
        const int line = 16;
        for (int at = 0; at < now.Length; at += line)
        {
            ReadOnlySpan<byte> after = now.Slice(at, line);
            if (!was.Slice(at, line).SequenceEqual(after))
            {
                text.Append($" {Layout.Data + (ulong)at:x}={Convert.ToHexStringLower(after)}");
            }
        }
    }

    private static byte[] Memory(Snippet snippet)
    {
        var memory = new byte[Layout.DataBytes];
        snippet.FillMemory(memory);
        return memory;
    }

    private static (ulong Address, byte[] Window) Window(byte[] memory)
    {
        int first = memory.AsSpan().IndexOfAnyExcept((byte)0);
        if (first < 0)
        {
            return (Layout.Data, []);
        }

        int last = memory.AsSpan().LastIndexOfAnyExcept((byte)0);
        int length = last + 1 - first;
        return length <= Layout.WindowMax
            ? (Layout.Data + (ulong)first, memory.AsSpan(first, length).ToArray())
            : throw new FormatException("a window of more than 256 bytes");
    }

    private static ulong Number(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
