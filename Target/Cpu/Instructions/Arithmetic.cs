using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>ADD ADC SUB SBB CMP AND OR XOR TEST, INC DEC NEG NOT: general forms (SDM vol. 2).</summary>
internal static unsafe class Arithmetic
{
    public static void Register(InstructionTable table)
    {
        Rows<Add>(table, Mnemonic.Add);
        Rows<Adc>(table, Mnemonic.Adc);
        Rows<Sub>(table, Mnemonic.Sub);
        Rows<Sbb>(table, Mnemonic.Sbb);
        Rows<Cmp>(table, Mnemonic.Cmp);
        Rows<And>(table, Mnemonic.And);
        Rows<Or>(table, Mnemonic.Or);
        Rows<Xor>(table, Mnemonic.Xor);
        Rows<Test>(table, Mnemonic.Test);
        table.Add(Mnemonic.Inc, &Inc<byte>, &Inc<ushort>, &Inc<uint>, &Inc<ulong>);
        table.Add(Mnemonic.Dec, &Dec<byte>, &Dec<ushort>, &Dec<uint>, &Dec<ulong>);
        table.Add(Mnemonic.Neg, &Neg<byte>, &Neg<ushort>, &Neg<uint>, &Neg<ulong>);
        table.Add(Mnemonic.Not, &Not<byte>, &Not<ushort>, &Not<uint>, &Not<ulong>);
    }

    private static void Rows<TOp>(InstructionTable table, Mnemonic mnemonic)
        where TOp : struct, IBinaryOp =>
        table.Add(mnemonic, &Binary<TOp, byte>, &Binary<TOp, ushort>, &Binary<TOp, uint>, &Binary<TOp, ulong>);

    private static StepStatus Binary<TOp, T>(CpuCore cpu, DecodedOp* op)
        where TOp : struct, IBinaryOp
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        ulong linear = 0;
        T a, b;
        if (TOp.Writes ? !Operands.Update0(cpu, op, out a, out linear) : !Operands.Read0(cpu, op, out a))
        {
            return StepStatus.Fault;
        }

        if (!Operands.Read1(cpu, op, out b))
        {
            return StepStatus.Fault;
        }

        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(s->FlagAux) : 0);
        if (TOp.Writes)
        {
            Operands.Commit0(cpu, op, linear, result);
        }

        s->FlagResult = LazyFlags.Result(result);
        s->FlagAux = LazyFlags.AuxFromCarries(TOp.Carries(a, b, result));
        return StepStatus.Next;
    }

    private static StepStatus Inc<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        T result = a + T.One;
        Operands.Commit0(cpu, op, linear, result);
        SetKeepingCarry(cpu.State, result, Carry.OfSum(a, T.One, result));
        return StepStatus.Next;
    }

    private static StepStatus Dec<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        T result = a - T.One;
        Operands.Commit0(cpu, op, linear, result);
        SetKeepingCarry(cpu.State, result, Carry.OfDifference(a, T.One, result));
        return StepStatus.Next;
    }

    private static StepStatus Neg<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        T result = T.Zero - a;
        Operands.Commit0(cpu, op, linear, result);
        cpu.State->FlagResult = LazyFlags.Result(result);
        cpu.State->FlagAux = LazyFlags.AuxFromCarries(Carry.OfDifference(T.Zero, a, result));
        return StepStatus.Next;
    }

    private static StepStatus Not<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        Operands.Commit0(cpu, op, linear, ~a);
        return StepStatus.Next;
    }

    private static void SetKeepingCarry<T>(CpuState* s, T result, T carries)
        where T : unmanaged, IBinaryInteger<T>
    {
        s->FlagResult = LazyFlags.Result(result);
        s->FlagAux = LazyFlags.KeepCarry(s->FlagAux, LazyFlags.AuxFromCarries(carries));
    }
}
