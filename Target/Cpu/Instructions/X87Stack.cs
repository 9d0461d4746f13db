using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// The eight registers as a stack (SDM vol. 1, section 8.1.2): <c>i</c> is always relative to TOP, 0..7. Faults are
/// found by the callers.
/// </summary>
internal static unsafe class X87Stack
{
    /// <summary>The physical register that ST(0) is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Top(CpuState* s) => (s->Fsw >> X87Bits.TopShift) & 7;

    /// <summary>Makes physical register <paramref name="top"/> (modulo 8) ST(0).</summary>
    public static void SetTop(CpuState* s, int top) =>
        s->Fsw = (ushort)((s->Fsw & ~(7 << X87Bits.TopShift)) | ((top & 7) << X87Bits.TopShift));

    /// <summary>ST(i) is tagged empty.</summary>
    public static bool IsEmpty(CpuState* s, int i) => ((s->Ftw >> Physical(s, i)) & 1) == 0;

    /// <summary>The bits of ST(i), whatever its tag.</summary>
    public static Float80 Read(CpuState* s, int i)
    {
        ulong* register = s->X87 + (2 * Physical(s, i));
        return new Float80(register[0], (ushort)register[1]);
    }

    /// <summary>ST(i) for computing.</summary>
    public static Unpacked Unpack(CpuState* s, int i) => Read(s, i).Unpack();

    /// <summary>Writes ST(i), which is then no longer empty.</summary>
    public static void Write(CpuState* s, int i, Float80 value)
    {
        int physical = Physical(s, i);
        s->X87[2 * physical] = value.Significand;
        s->X87[(2 * physical) + 1] = value.SignExponent;
        s->Ftw |= (byte)(1 << physical);
    }

    /// <inheritdoc cref="Write(CpuState*, int, Float80)"/>
    public static void Write(CpuState* s, int i, in Unpacked value) => Write(s, i, Float80.Pack(value));

    /// <summary>Makes <paramref name="value"/> the new ST(0).</summary>
    public static void Push(CpuState* s, Float80 value)
    {
        SetTop(s, Top(s) - 1);
        Write(s, 0, value);
    }

    /// <summary>Tags ST(0) empty and moves TOP behind it.</summary>
    public static void Pop(CpuState* s)
    {
        Free(s, 0);
        SetTop(s, Top(s) + 1);
    }

    /// <summary>Tags ST(i) empty; its bits stay.</summary>
    public static void Free(CpuState* s, int i) => s->Ftw &= (byte)~(1 << Physical(s, i));

    private static int Physical(CpuState* s, int i) => (Top(s) + i) & 7;
}
