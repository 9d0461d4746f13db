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
        UnaryRows<Increment>(table, Mnemonic.Inc);
        UnaryRows<Decrement>(table, Mnemonic.Dec);
        UnaryRows<Negate>(table, Mnemonic.Neg);
        UnaryRows<Complement>(table, Mnemonic.Not);
    }

    private static void Rows<TOp>(InstructionTable table, Mnemonic mnemonic)
        where TOp : struct, IBinaryOp =>
        table.Add(mnemonic, &Binary<TOp, byte>, &Binary<TOp, ushort>, &Binary<TOp, uint>, &Binary<TOp, ulong>);

    private static void UnaryRows<TOp>(InstructionTable table, Mnemonic mnemonic)
        where TOp : struct, IUnaryOp =>
        table.Add(mnemonic, &Unary<TOp, byte>, &Unary<TOp, ushort>, &Unary<TOp, uint>, &Unary<TOp, ulong>);

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

    private static StepStatus Unary<TOp, T>(CpuCore cpu, DecodedOp* op)
        where TOp : struct, IUnaryOp
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        T result = TOp.Value(a);
        Operands.Commit0(cpu, op, linear, result);
        s->FlagResult = TOp.Result(result, s->FlagResult);
        s->FlagAux = TOp.Aux(a, result, s->FlagAux);
        return StepStatus.Next;
    }
}
