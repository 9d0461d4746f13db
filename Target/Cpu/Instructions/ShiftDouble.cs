using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// SHLD, SHRD (SDM vol. 2). Of 16-bit operands with counts above 16 the manual leaves all undefined; here the destination
/// is shifted in again behind the source, as processors do.
/// </summary>
internal static unsafe class ShiftDouble
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Shld, null, &Left<ushort>, &Left<uint>, &Left<ulong>);
        table.Add(Mnemonic.Shrd, null, &Right<ushort>, &Right<uint>, &Right<ulong>);
    }

    private static StepStatus Left<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        int count = Count<T>(s, op);
        if (count == 0)
        {
            Operands.Commit0(cpu, op, linear, a);
            return StepStatus.Next;
        }

        int width = sizeof(T) * 8;
        UInt128 upper = UInt128.CreateTruncating(a);
        UInt128 lower = UInt128.CreateTruncating(Gpr.Read<T>(s, op->R1));

        // Three operands' worth of bits: a, b, a, so that counts above a width of 16 find the destination again.
        UInt128 row = sizeof(T) == 2 ? (upper << 32) | (lower << 16) | upper : (upper << width) | lower;
        int total = sizeof(T) == 2 ? 3 * width : 2 * width;
        T result = T.CreateTruncating((row << count) >> (total - width));
        ulong carry = (ulong)(row >> (total - count)) & 1;
        Operands.Commit0(cpu, op, linear, result);
        SetFlags(s, result, carry, carry ^ Bit(result, width - 1));
        return StepStatus.Next;
    }

    private static StepStatus Right<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        int count = Count<T>(s, op);
        if (count == 0)
        {
            Operands.Commit0(cpu, op, linear, a);
            return StepStatus.Next;
        }

        int width = sizeof(T) * 8;
        UInt128 lower = UInt128.CreateTruncating(a);
        UInt128 upper = UInt128.CreateTruncating(Gpr.Read<T>(s, op->R1));
        UInt128 row = sizeof(T) == 2 ? (lower << 32) | (upper << 16) | lower : (upper << width) | lower;
        T result = T.CreateTruncating(row >> count);
        ulong carry = (ulong)(row >> (count - 1)) & 1;
        Operands.Commit0(cpu, op, linear, result);
        SetFlags(s, result, carry, Bit(result, width - 1) ^ Bit(result, width - 2));
        return StepStatus.Next;
    }

    private static int Count<T>(CpuState* s, DecodedOp* op)
        where T : unmanaged
    {
        ulong given = op->K2 == OperandKind.Immediate ? op->Imm : s->Gpr[Gpr.Rcx];
        return (int)given & (sizeof(T) == 8 ? 63 : 31);
    }

    private static ulong Bit<T>(T value, int bit)
        where T : unmanaged, IBinaryInteger<T> => (ulong.CreateTruncating(value) >> bit) & 1;

    private static void SetFlags<T>(CpuState* s, T result, ulong carry, ulong overflow)
        where T : unmanaged, IBinaryInteger<T>
    {
        s->FlagResult = LazyFlags.Result(result);
        s->FlagAux = LazyFlags.Aux(carry, overflow, 0);
    }
}
