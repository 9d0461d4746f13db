using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>DIV, IDIV (SDM vol. 2): #DE for a zero divisor or a quotient that doesn't fit. All status flags are undefined: left alone.</summary>
internal static unsafe class Divide
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Div, &Div8, &Div<ushort>, &Div<uint>, &Div64);
        table.Add(Mnemonic.Idiv, &Idiv8, &Idiv<ushort, short>, &Idiv<uint, int>, &Idiv64);
    }

    private static StepStatus Div8(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read0(cpu, op, out byte divisor))
        {
            return StepStatus.Fault;
        }

        uint dividend = Gpr.Read<ushort>(cpu.State, Gpr.Rax);
        if (divisor == 0 || dividend / divisor > byte.MaxValue)
        {
            return cpu.Fault(Vector.DivideError);
        }

        Gpr.Write(cpu.State, Gpr.Rax, (ushort)((dividend / divisor) | ((dividend % divisor) << 8)));
        return StepStatus.Next;
    }

    private static StepStatus Div<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        ulong divisor = ulong.CreateTruncating(value);
        ulong dividend = (ulong.CreateTruncating(Gpr.Read<T>(s, Gpr.Rdx)) << (8 * sizeof(T)))
            | ulong.CreateTruncating(Gpr.Read<T>(s, Gpr.Rax));
        if (divisor == 0 || dividend / divisor >> (8 * sizeof(T)) != 0)
        {
            return cpu.Fault(Vector.DivideError);
        }

        Gpr.Write(s, Gpr.Rax, T.CreateTruncating(dividend / divisor));
        Gpr.Write(s, Gpr.Rdx, T.CreateTruncating(dividend % divisor));
        return StepStatus.Next;
    }

    private static StepStatus Div64(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out ulong divisor))
        {
            return StepStatus.Fault;
        }

        ulong high = s->Gpr[Gpr.Rdx];
        ulong low = s->Gpr[Gpr.Rax];

        // The quotient fits exactly if the upper half is below the divisor, which also keeps zero out.
        if (high >= divisor)
        {
            return cpu.Fault(Vector.DivideError);
        }

        (UInt128 quotient, UInt128 remainder) = high == 0
            ? (low / divisor, low % divisor)
            : UInt128.DivRem(new UInt128(high, low), divisor);
        s->Gpr[Gpr.Rax] = (ulong)quotient;
        s->Gpr[Gpr.Rdx] = (ulong)remainder;
        return StepStatus.Next;
    }

    private static StepStatus Idiv8(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read0(cpu, op, out byte value))
        {
            return StepStatus.Fault;
        }

        int dividend = (short)Gpr.Read<ushort>(cpu.State, Gpr.Rax);
        int divisor = (sbyte)value;
        if (divisor == 0 || dividend / divisor != (sbyte)(dividend / divisor))
        {
            return cpu.Fault(Vector.DivideError);
        }

        Gpr.Write(cpu.State, Gpr.Rax, (ushort)((byte)(dividend / divisor) | ((dividend % divisor) << 8)));
        return StepStatus.Next;
    }

    private static StepStatus Idiv<T, TSigned>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
        where TSigned : unmanaged, IBinaryInteger<TSigned>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        var divisor = (long)LazyFlags.Result(value);
        ulong low = ulong.CreateTruncating(Gpr.Read<T>(s, Gpr.Rax));
        long dividend = ((long)LazyFlags.Result(Gpr.Read<T>(s, Gpr.Rdx)) << (8 * sizeof(T))) | (long)low;

        // Dividing the lowest long by -1 would trap on the host too; its quotient fits nowhere.
        if (divisor == 0 || (divisor == -1 && dividend == long.MinValue))
        {
            return cpu.Fault(Vector.DivideError);
        }

        long quotient = dividend / divisor;
        if (quotient != long.CreateTruncating(TSigned.CreateTruncating(quotient)))
        {
            return cpu.Fault(Vector.DivideError);
        }

        Gpr.Write(s, Gpr.Rax, T.CreateTruncating(quotient));
        Gpr.Write(s, Gpr.Rdx, T.CreateTruncating(dividend % divisor));
        return StepStatus.Next;
    }

    private static StepStatus Idiv64(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out ulong value))
        {
            return StepStatus.Fault;
        }

        var divisor = (long)value;
        var high = (long)s->Gpr[Gpr.Rdx];
        var low = (long)s->Gpr[Gpr.Rax];
        if (divisor == 0)
        {
            return cpu.Fault(Vector.DivideError);
        }

        if (high == low >> 63 && divisor != -1)
        {
            s->Gpr[Gpr.Rax] = (ulong)(low / divisor);
            s->Gpr[Gpr.Rdx] = (ulong)(low % divisor);
            return StepStatus.Next;
        }

        return Wide(cpu, new Int128((ulong)high, (ulong)low), divisor);
    }

    private static StepStatus Wide(CpuCore cpu, Int128 dividend, long divisor)
    {
        if (dividend == Int128.MinValue && divisor == -1)
        {
            return cpu.Fault(Vector.DivideError);
        }

        (Int128 quotient, Int128 remainder) = Int128.DivRem(dividend, divisor);
        if (quotient != (long)quotient)
        {
            return cpu.Fault(Vector.DivideError);
        }

        cpu.State->Gpr[Gpr.Rax] = (ulong)(long)quotient;
        cpu.State->Gpr[Gpr.Rdx] = (ulong)(long)remainder;
        return StepStatus.Next;
    }
}
