using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>FADD FSUB FSUBR FMUL FDIV FDIVR with P and I variants (SDM vol. 2).</summary>
internal static unsafe class X87Arithmetic
{
    public static void Register(InstructionTable table)
    {
        Rows<X87Add>(table, Mnemonic.Fadd, Mnemonic.Faddp, Mnemonic.Fiadd);
        Rows<X87Multiply>(table, Mnemonic.Fmul, Mnemonic.Fmulp, Mnemonic.Fimul);
        Rows<X87Subtract>(table, Mnemonic.Fsub, Mnemonic.Fsubp, Mnemonic.Fisub);
        Rows<X87SubtractReversed>(table, Mnemonic.Fsubr, Mnemonic.Fsubrp, Mnemonic.Fisubr);
        Rows<X87Divide>(table, Mnemonic.Fdiv, Mnemonic.Fdivp, Mnemonic.Fidiv);
        Rows<X87DivideReversed>(table, Mnemonic.Fdivr, Mnemonic.Fdivrp, Mnemonic.Fidivr);
    }

    private static void Rows<TOperation>(InstructionTable table, Mnemonic plain, Mnemonic popping, Mnemonic integer)
        where TOperation : struct, IX87Operation
    {
        table.Add(plain, &Plain<TOperation>);
        table.Add(popping, &Popping<TOperation>);
        table.Add(integer, null, &Memory<TOperation, X87Word>, &Memory<TOperation, X87Doubleword>, null);
    }

    private static StepStatus Plain<TOperation>(CpuCore cpu, DecodedOp* op)
        where TOperation : struct, IX87Operation
    {
        if (op->K0 == OperandKind.Memory)
        {
            return op->MemoryBytes == 4
                ? Memory<TOperation, X87Single>(cpu, op)
                : Memory<TOperation, X87Double>(cpu, op);
        }

        return Registers<TOperation>(cpu, op, pop: false);
    }

    private static StepStatus Popping<TOperation>(CpuCore cpu, DecodedOp* op)
        where TOperation : struct, IX87Operation => Registers<TOperation>(cpu, op, pop: true);

    private static StepStatus Memory<TOperation, TFormat>(CpuCore cpu, DecodedOp* op)
        where TOperation : struct, IX87Operation
        where TFormat : struct, IX87MemoryFormat
    {
        if (!X87Access.BeginWaiting(cpu) || !TFormat.Load(cpu, op, out Unpacked source))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        if (X87Stack.IsEmpty(s, 0))
        {
            if (X87Access.Underflow(cpu, op))
            {
                X87Stack.Write(s, 0, Float80.Indefinite);
            }

            return StepStatus.Next;
        }

        FloatStatus status = X87Access.Status(s);
        Unpacked result = TOperation.Apply(X87Stack.Unpack(s, 0), source, ref status);
        if (!status.HasNoResult)
        {
            X87Stack.Write(s, 0, result);
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    private static StepStatus Registers<TOperation>(CpuCore cpu, DecodedOp* op, bool pop)
        where TOperation : struct, IX87Operation
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        if (X87Stack.IsEmpty(s, op->R0) || X87Stack.IsEmpty(s, op->R1))
        {
            if (X87Access.Underflow(cpu, op))
            {
                Store(s, op->R0, Float80.Indefinite, pop);
            }

            return StepStatus.Next;
        }

        FloatStatus status = X87Access.Status(s);
        Unpacked destination = X87Stack.Unpack(s, op->R0);
        Unpacked result = TOperation.Apply(destination, X87Stack.Unpack(s, op->R1), ref status);
        if (!status.HasNoResult)
        {
            Store(s, op->R0, Float80.Pack(result), pop);
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    private static void Store(CpuState* s, int i, Float80 value, bool pop)
    {
        X87Stack.Write(s, i, value);
        if (pop)
        {
            X87Stack.Pop(s);
        }
    }
}
