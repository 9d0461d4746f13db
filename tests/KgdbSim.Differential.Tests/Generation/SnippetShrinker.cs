using Iced.Intel;
using KgdbSim.Differential.Tests.Runs;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Simpler snippets than a given one, the most drastic simplifications first.</summary>
internal static class SnippetShrinker
{
    public static IEnumerable<Snippet> Candidates(Snippet snippet) =>
        Instructions(snippet).Concat(Prefixes(snippet)).Concat(Fields(snippet)).Concat(Bits(snippet)).Concat(Windows(snippet));

    private static IEnumerable<Snippet> Instructions(Snippet snippet)
    {
        Instruction[] all = [.. Listing.Decode(snippet)];
        for (int i = all.Length - 1; i >= 0 && all.Length > 1; i--)
        {
            int at = (int)(all[i].IP - snippet.State.Rip);
            int end = Math.Min(at + all[i].Length, snippet.Code.Length);
            yield return snippet.With([.. snippet.Code[..at], .. snippet.Code[end..]]);
        }
    }

    private static IEnumerable<Snippet> Prefixes(Snippet snippet)
    {
        for (int i = 0; i < snippet.Code.Length - 1; i++)
        {
            if (snippet.Code[i] is 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or 0x2E or 0x36 or 0x3E or 0x26 or 0x64 or 0x65
                or (>= 0x40 and < 0x50))
            {
                yield return snippet.With([.. snippet.Code[..i], .. snippet.Code[(i + 1)..]]);
            }
        }
    }

    private static IEnumerable<Snippet> Fields(Snippet snippet)
    {
        MachineState initial = MachineState.Initial;
        if (snippet.Bits != 64)
        {
            initial.Ds = initial.Es = Segments.Data;
            if ((snippet.State.Fs | snippet.State.Gs) != 0)
            {
                MachineState state = snippet.State;
                state.Fs = state.Gs = 0;
                state.FsBase = state.GsBase = 0;
                yield return snippet.With(state);
            }
        }

        foreach (StateField field in StateField.All)
        {
            // A base belongs to its selector, RIP and the kind of code to CS.
            bool kept = field.Name is "rip" or "cs" || (snippet.Bits != 64 && field.Name is "fs" or "gs" or "fsbase" or "gsbase");
            if (!kept && Replaced(snippet, field, initial) is { } simpler)
            {
                yield return simpler;
            }
        }
    }

    private static unsafe Snippet? Replaced(Snippet snippet, StateField field, MachineState by)
    {
        MachineState state = snippet.State;
        Span<byte> bytes = field.Of(&state);
        ReadOnlySpan<byte> simple = field.Of(&by);
        if (bytes.SequenceEqual(simple))
        {
            return null;
        }

        simple.CopyTo(bytes);
        return snippet.With(state);
    }

    /// <summary>Flags one by one, and the upper halves of registers.</summary>
    private static IEnumerable<Snippet> Bits(Snippet snippet)
    {
        ulong extra = snippet.State.Flags & ~MachineState.Initial.Flags;
        for (; extra != 0; extra &= extra - 1)
        {
            MachineState state = snippet.State;
            state.Flags &= ~(extra & (0 - extra));
            yield return snippet.With(state);
        }

        for (int i = 0; i < MachineState.GprCount; i++)
        {
            foreach (ulong mask in (ulong[])[0xFF, 0xFFFF, 0xFFFF_FFFF])
            {
                if (Masked(snippet, i, mask) is { } simpler)
                {
                    yield return simpler;
                }
            }
        }
    }

    private static unsafe Snippet? Masked(Snippet snippet, int register, ulong mask)
    {
        MachineState state = snippet.State;
        if ((state.Gpr[register] & ~mask) == 0)
        {
            return null;
        }

        state.Gpr[register] &= mask;
        return snippet.With(state);
    }

    private static IEnumerable<Snippet> Windows(Snippet snippet)
    {
        for (int size = snippet.Window.Length; size >= 1; size /= 2)
        {
            for (int at = 0; at + size <= snippet.Window.Length; at += size)
            {
                if (snippet.Window.AsSpan(at, size).ContainsAnyExcept((byte)0))
                {
                    byte[] window = [.. snippet.Window];
                    window.AsSpan(at, size).Clear();
                    yield return snippet.With(snippet.WindowAddress, window);
                }
            }
        }
    }
}
