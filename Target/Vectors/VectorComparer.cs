using System.Text;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Target.Vectors;

/// <summary>Compares the machine with what a vector recorded, and says what differs as expected against got.</summary>
internal static unsafe class VectorComparer
{
    private static ReadOnlySpan<byte> RegisterNames => "raxrcxrdxrbxrsprbprsirdir8 r9 r10r11r12r13r14r15"u8;

    /// <summary>True if nothing differs; else the differences are appended to <paramref name="report"/>, one a line.</summary>
    public static bool Compare(VectorRecord record, VectorMachine machine, in VectorEnd end, StringBuilder report)
    {
        int before = report.Length;
        End(record, end, report);
        Registers(record, machine.Cpu.State, report);
        ReadOnlySpan<byte> window = machine.Window(record);
        ReadOnlySpan<byte> expected = record.After.Memory.AsSpan(0, record.MemoryLength);
        if (!window.SequenceEqual(expected))
        {
            int at = window.CommonPrefixLength(expected);
            report.Append($"    memory from {record.MemoryAddress + (ulong)at:x}:\n");
            report.Append($"      expected {Convert.ToHexStringLower(expected[at..])}\n");
            report.Append($"      got      {Convert.ToHexStringLower(window[at..])}\n");
        }

        switch (record.Family)
        {
            case VectorFamily.Sse:
                Vectors(record, machine.Cpu.State, report);
                break;
            case VectorFamily.X87:
                X87(record, machine.Cpu.State, report);
                break;
        }

        return report.Length == before;
    }

    private static void End(VectorRecord record, in VectorEnd end, StringBuilder report)
    {
        int vector = record.HasException ? record.ExceptionVector : -1;
        uint error = record.HasException ? record.ErrorCode : 0;
        ulong cr2 = vector == 14 ? record.Cr2 : 0;
        ulong gotCr2 = end.Vector == 14 ? end.Cr2 : 0;
        if (vector != end.Vector || error != end.ErrorCode || cr2 != gotCr2
            || (vector >= 0 && record.NextFetch != end.Next))
        {
            report.Append($"    end: expected {Event(vector, error, cr2, record.NextFetch)}, ");
            report.Append($"got {Event(end.Vector, end.ErrorCode, gotCr2, end.Next)}\n");
        }

        Word("rip", record.After.Rip, end.Rip, report);
        ulong mask = ~record.UndefinedFlags;
        if (((record.After.Flags ^ end.Flags) & mask) != 0)
        {
            report.Append($"    flags: expected {FlagText.Of(record.After.Flags & mask)}, got {FlagText.Of(end.Flags & mask)}\n");
        }
    }

    private static void Registers(VectorRecord record, CpuState* s, StringBuilder report)
    {
        for (int i = 0; i < 16; i++)
        {
            if (s->Gpr[i] != record.After.Gpr[i] && (record.UndefinedGpr & (1u << i)) == 0)
            {
                Word(Encoding.ASCII.GetString(RegisterNames.Slice(3 * i, 3)), record.After.Gpr[i], s->Gpr[i], report);
            }
        }
    }

    private static void Vectors(VectorRecord record, CpuState* s, StringBuilder report)
    {
        for (int i = 0; i < 16; i++)
        {
            ulong low = s->Vector[4 * i];
            ulong high = s->Vector[4 * i + 1];
            ulong expectedLow = record.After.Xmm[2 * i];
            ulong expectedHigh = record.After.Xmm[2 * i + 1];
            if (low != expectedLow || high != expectedHigh)
            {
                report.Append($"    xmm{i}: expected {expectedHigh:x16}_{expectedLow:x16}, got {high:x16}_{low:x16}\n");
            }
        }

        Word("mxcsr", record.After.Mxcsr, s->Mxcsr, report);
    }

    private static void X87(VectorRecord record, CpuState* s, StringBuilder report)
    {
        VectorX87 expected = record.After.X87;
        ulong mask = (ushort)~record.UndefinedStatus;
        Word("fcw", expected.Control, s->Fcw, report);
        Word("fsw", expected.Status & mask, s->Fsw & mask, report);
        Word("ftw", expected.Tags, s->Ftw, report);
        int top = (expected.Status >> 11) & 7;
        for (int i = 0; i < 8; i++)
        {
            int physical = (top + i) & 7;
            if ((expected.Tags & (1 << physical)) == 0)
            {
                continue;
            }

            ulong significand = s->X87[2 * physical];
            var signExponent = (ushort)s->X87[2 * physical + 1];
            if (significand != expected.Significand[i] || signExponent != expected.SignExponent[i])
            {
                report.Append($"    st{i}: expected {expected.SignExponent[i]:x4}_{expected.Significand[i]:x16}, ");
                report.Append($"got {signExponent:x4}_{significand:x16}\n");
            }
        }
    }

    private static void Word(string name, ulong expected, ulong got, StringBuilder report)
    {
        if (expected != got)
        {
            report.Append($"    {name}: expected {expected:x}, got {got:x}\n");
        }
    }

    private static string Event(int vector, uint error, ulong cr2, bool next)
    {
        if (vector < 0)
        {
            return "completion";
        }

        string address = vector == 14 ? $", CR2 {cr2:x}" : "";
        return $"vector {vector} (error {error:x}{address}){(next ? " at the next fetch" : "")}";
    }
}
