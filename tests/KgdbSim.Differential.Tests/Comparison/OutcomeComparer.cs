using KgdbSim.Differential.Tests.Simulated;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Vectors;

namespace KgdbSim.Differential.Tests.Comparison;

/// <summary>Compares two outcomes, what is undefined and what Linux hides left out.</summary>
internal static unsafe class OutcomeComparer
{
    /// <summary>
    /// Above it Linux pretends that every page is present, so as not to tell user code which ones are:
    /// arch/x86/mm/fault.c, set_signal_archinfo() (v6.1).
    /// </summary>
    private const ulong UserAddressEnd = 0x7FFF_FFFF_F000;

    private const int Rsp = 4;

    private const ulong SignExponent = ushort.MaxValue;

    /// <summary>Nothing differs: the quick answer to the usual case.</summary>
    public static bool Equal(Outcome expected, Outcome got, in Undefined undefined)
    {
        fixed (MachineState* e = &expected.State, g = &got.State)
        {
            return EndsEqual(expected, got)
                && e->Rip == g->Rip
                && ((e->Flags ^ g->Flags) & ~undefined.Flags) == 0
                && undefined.Gpr == 0
                && new ReadOnlySpan<ulong>(e->Gpr, 16).SequenceEqual(new ReadOnlySpan<ulong>(g->Gpr, 16))
                && new ReadOnlySpan<ulong>(e->Vector, 64).SequenceEqual(new ReadOnlySpan<ulong>(g->Vector, 64))
                && e->Mxcsr == g->Mxcsr
                && e->Fcw == g->Fcw
                && ((e->Fsw ^ g->Fsw) & ~undefined.Status) == 0
                && e->Ftw == g->Ftw
                && SegmentsEqual(e, g)
                && StacksEqual(e, g)
                && expected.Memory.AsSpan().SequenceEqual(got.Memory);
        }
    }

    /// <summary>Everything that differs.</summary>
    public static List<Difference> Differences(Outcome expected, Outcome got, in Undefined undefined)
    {
        var found = new List<Difference>();
        if (!EndsEqual(expected, got))
        {
            found.Add(new("end", End(expected), End(got)));
        }

        fixed (MachineState* e = &expected.State, g = &got.State)
        {
            Word(found, "rip", e->Rip, g->Rip);
            ulong defined = ~undefined.Flags;
            if (((e->Flags ^ g->Flags) & defined) != 0)
            {
                found.Add(new("flags", FlagText.Of(e->Flags & defined), FlagText.Of(g->Flags & defined)));
            }

            bool legacy = undefined.UpperHalves || e->Cs != Snippets.Segments.Code64;
            for (int i = 0; i < MachineState.GprCount; i++)
            {
                if ((undefined.Gpr & (1u << i)) == 0)
                {
                    // The upper half of RSP is undefined outside 64-bit mode (SDM vol. 1, 3.4.1.1).
                    ulong mask = i == Rsp && legacy ? uint.MaxValue : ulong.MaxValue;
                    Word(found, RegisterNames.Gpr[i], e->Gpr[i] & mask, g->Gpr[i] & mask);
                }
            }

            SegmentRegisters(found, e, g);
            Vectors(found, e, g);
            X87(found, e, g, (ushort)~undefined.Status);
        }

        Memory(found, expected, got);
        return found;
    }

    private static bool EndsEqual(Outcome expected, Outcome got)
    {
        uint mask = expected.Trap == 14 && expected.Cr2 >= UserAddressEnd ? ~1u : uint.MaxValue;
        return expected.Ending == got.Ending && expected.Trap == got.Trap && ((expected.Error ^ got.Error) & mask) == 0
            && expected.Cr2 == got.Cr2;
    }

    private static bool SegmentsEqual(MachineState* e, MachineState* g) =>
        e->Cs == g->Cs && e->Ss == g->Ss && Selector(e->Ds) == Selector(g->Ds) && Selector(e->Es) == Selector(g->Es)
        && Selector(e->Fs) == Selector(g->Fs) && Selector(e->Gs) == Selector(g->Gs)
        && e->FsBase == g->FsBase && e->GsBase == g->GsBase;

    /// <summary>
    /// A null selector with an RPL comes back as 0: the kernel's own IRET to user code, on the way to the signal handler,
    /// clears it (SDM vol. 2, IRET, "RETURN-TO-OUTER-PRIVILEGE-LEVEL").
    /// </summary>
    private static ushort Selector(ushort selector) => selector < 4 ? (ushort)0 : selector;

    private static bool StacksEqual(MachineState* e, MachineState* g)
    {
        for (int i = 0; i < MachineState.StCount; i++)
        {
            if ((e->Ftw & (1 << ((e->Top + i) & 7))) != 0
                && (e->St[2 * i] != g->St[2 * i] || ((e->St[2 * i + 1] ^ g->St[2 * i + 1]) & SignExponent) != 0))
            {
                return false;
            }
        }

        return true;
    }

    private static void SegmentRegisters(List<Difference> found, MachineState* e, MachineState* g)
    {
        Word(found, "cs", e->Cs, g->Cs);
        Word(found, "ss", e->Ss, g->Ss);
        Word(found, "ds", Selector(e->Ds), Selector(g->Ds));
        Word(found, "es", Selector(e->Es), Selector(g->Es));
        Word(found, "fs", Selector(e->Fs), Selector(g->Fs));
        Word(found, "gs", Selector(e->Gs), Selector(g->Gs));
        Word(found, "fsbase", e->FsBase, g->FsBase);
        Word(found, "gsbase", e->GsBase, g->GsBase);
    }

    private static void Vectors(List<Difference> found, MachineState* e, MachineState* g)
    {
        for (int i = 0; i < MachineState.VectorCount; i++)
        {
            var expected = new ReadOnlySpan<ulong>(e->Vector + 4 * i, 4);
            var got = new ReadOnlySpan<ulong>(g->Vector + 4 * i, 4);
            if (!expected.SequenceEqual(got))
            {
                found.Add(new($"xmm{i}", Text(expected), Text(got)));
            }
        }

        Word(found, "mxcsr", e->Mxcsr, g->Mxcsr);
    }

    private static string Text(ReadOnlySpan<ulong> words) =>
        (words[2] | words[3]) == 0
            ? $"{words[1]:x16}_{words[0]:x16}"
            : $"{words[3]:x16}_{words[2]:x16}_{words[1]:x16}_{words[0]:x16}";

    private static void X87(List<Difference> found, MachineState* e, MachineState* g, ushort defined)
    {
        Word(found, "fcw", e->Fcw, g->Fcw);
        Word(found, "fsw", (ushort)(e->Fsw & defined), (ushort)(g->Fsw & defined));
        Word(found, "ftw", e->Ftw, g->Ftw);
        for (int i = 0; i < MachineState.StCount && !StacksEqual(e, g); i++)
        {
            string expected = $"{(ushort)e->St[2 * i + 1]:x4}_{e->St[2 * i]:x16}";
            string got = $"{(ushort)g->St[2 * i + 1]:x4}_{g->St[2 * i]:x16}";
            if (expected != got && (e->Ftw & (1 << ((e->Top + i) & 7))) != 0)
            {
                found.Add(new($"st{i}", expected, got));
            }
        }
    }

    private static void Memory(List<Difference> found, Outcome expected, Outcome got)
    {
        const int line = 16;
        for (int at = 0; at < Layout.DataBytes && found.Count < 64; at += line)
        {
            ReadOnlySpan<byte> e = expected.Memory.AsSpan(at, line);
            ReadOnlySpan<byte> g = got.Memory.AsSpan(at, line);
            if (!e.SequenceEqual(g))
            {
                found.Add(new($"memory {Layout.Data + (ulong)at:x}", Convert.ToHexStringLower(e), Convert.ToHexStringLower(g)));
            }
        }
    }

    private static void Word(List<Difference> found, string name, ulong expected, ulong got)
    {
        if (expected != got)
        {
            found.Add(new(name, expected.ToString("x"), got.ToString("x")));
        }
    }

    private static string End(Outcome outcome) => outcome.Ending switch
    {
        Ending.Endless => "endless",
        Ending.SystemCall => "system call",
        _ => $"vector {outcome.Trap} error {outcome.Error:x}{(outcome.Trap == 14 ? $" cr2 {outcome.Cr2:x}" : "")}",
    };
}
