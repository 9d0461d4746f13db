using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// What all instructions with MMX registers share: availability, the registers, and the transition from x87 to MMX
/// (SDM vol. 3, section 12.1 and tables 12-1 and 12-2).
/// </summary>
internal static unsafe class MmxAccess
{
    /// <summary>The exponent and sign that writing an MMX register leaves in the x87 register around it.</summary>
    private const ulong SignExponent = 0xFFFF;

    /// <summary>#UD for CR0.EM, #NM for CR0.TS, then #MF for a pending x87 exception.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Begin(CpuCore cpu) =>
        (cpu.State->Cr0 & ControlBits.Cr0Em) == 0 ? X87Access.BeginWaiting(cpu) : Undefined(cpu);

    /// <summary>The same for instructions of the SSE sets, which also need CR4.OSFXSR.</summary>
    public static bool BeginWithSse(CpuCore cpu) => SseAccess.Enabled(cpu) && X87Access.NothingPending(cpu);

    /// <summary>The instruction will complete: TOP becomes 0, and no register is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transition(CpuState* s)
    {
        s->Fsw &= unchecked((ushort)~(7 << X87Bits.TopShift));
        s->Ftw = byte.MaxValue;
    }

    /// <summary>MMX register <paramref name="number"/>, 0..7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(CpuState* s, int number) => s->X87[2 * number];

    /// <summary>Writes an MMX register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(CpuState* s, int number, ulong value)
    {
        s->X87[2 * number] = value;
        s->X87[(2 * number) + 1] = SignExponent;
    }

    /// <summary>Operand 1: a register or eight bytes of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Source(CpuCore cpu, DecodedOp* op, out ulong value)
    {
        if (op->K1 == OperandKind.Mm)
        {
            value = Read(cpu.State, op->R1);
            return true;
        }

        return Operands.LoadMemory(cpu, op, out value);
    }

    /// <summary>Operand 1: a register or four bytes of memory.</summary>
    public static bool SourceLow(CpuCore cpu, DecodedOp* op, out ulong value)
    {
        if (op->K1 == OperandKind.Mm)
        {
            value = Read(cpu.State, op->R1);
            return true;
        }

        bool ok = Operands.LoadMemory(cpu, op, out uint low);
        value = low;
        return ok;
    }

    /// <summary>An MMX value in the low half of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToVector(ulong value) => Vector128.CreateScalar(value).AsByte();

    private static bool Undefined(CpuCore cpu)
    {
        cpu.Fault(Vector.InvalidOpcode);
        return false;
    }
}
