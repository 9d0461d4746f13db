using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>FCOM FUCOM FICOM FCOMI FUCOMI FTST and their popping variants (SDM vol. 2).</summary>
internal static unsafe class X87Compare
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fcom, &Ordered<NoPop>);
        table.Add(Mnemonic.Fcomp, &Ordered<PopOnce>);
        table.Add(Mnemonic.Fcompp, &Ordered<PopTwice>);
        table.Add(Mnemonic.Fucom, &Unordered<NoPop>);
        table.Add(Mnemonic.Fucomp, &Unordered<PopOnce>);
        table.Add(Mnemonic.Fucompp, &Unordered<PopTwice>);
        table.Add(Mnemonic.Ficom, null, &Memory<NoPop, X87Word>, &Memory<NoPop, X87Doubleword>, null);
        table.Add(Mnemonic.Ficomp, null, &Memory<PopOnce, X87Word>, &Memory<PopOnce, X87Doubleword>, null);
        table.Add(Mnemonic.Fcomi, &OrderedFlags<NoPop>);
        table.Add(Mnemonic.Fcomip, &OrderedFlags<PopOnce>);
        table.Add(Mnemonic.Fucomi, &UnorderedFlags<NoPop>);
        table.Add(Mnemonic.Fucomip, &UnorderedFlags<PopOnce>);
        table.Add(Mnemonic.Ftst, &Test);
    }

    private static StepStatus Ordered<TPop>(CpuCore cpu, DecodedOp* op)
        where TPop : struct, IPopCount
    {
        if (op->K0 == OperandKind.Memory)
        {
            return op->MemoryBytes == 4 ? Memory<TPop, X87Single>(cpu, op) : Memory<TPop, X87Double>(cpu, op);
        }

        return Registers<TPop>(cpu, op, signalsQuiet: true);
    }

    private static StepStatus Unordered<TPop>(CpuCore cpu, DecodedOp* op)
        where TPop : struct, IPopCount => Registers<TPop>(cpu, op, signalsQuiet: false);

    private static StepStatus OrderedFlags<TPop>(CpuCore cpu, DecodedOp* op)
        where TPop : struct, IPopCount => Flags<TPop>(cpu, op, signalsQuiet: true);

    private static StepStatus UnorderedFlags<TPop>(CpuCore cpu, DecodedOp* op)
        where TPop : struct, IPopCount => Flags<TPop>(cpu, op, signalsQuiet: false);

    private static StepStatus Test(CpuCore cpu, DecodedOp* op) => X87Access.BeginWaiting(cpu)
        ? Codes<NoPop>(cpu, op, X87Stack.IsEmpty(cpu.State, 0), Unpacked.Zero(false), signalsQuiet: true)
        : StepStatus.Fault;

    private static StepStatus Memory<TPop, TFormat>(CpuCore cpu, DecodedOp* op)
        where TPop : struct, IPopCount
        where TFormat : struct, IX87MemoryFormat =>
        X87Access.BeginWaiting(cpu) && TFormat.Load(cpu, op, out Unpacked value)
            ? Codes<TPop>(cpu, op, X87Stack.IsEmpty(cpu.State, 0), value, signalsQuiet: true)
            : StepStatus.Fault;

    private static StepStatus Registers<TPop>(CpuCore cpu, DecodedOp* op, bool signalsQuiet)
        where TPop : struct, IPopCount
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        // FCOMPP and FUCOMPP have no operands in their encoding.
        int i = op->K1 == OperandKind.St ? op->R1 : 1;
        CpuState* s = cpu.State;
        bool empty = X87Stack.IsEmpty(s, 0) || X87Stack.IsEmpty(s, i);
        return Codes<TPop>(cpu, op, empty, X87Stack.Unpack(s, i), signalsQuiet);
    }

    private static StepStatus Codes<TPop>(
        CpuCore cpu, DecodedOp* op, bool empty, in Unpacked source, bool signalsQuiet)
        where TPop : struct, IPopCount
    {
        // Even an unmasked exception lets the codes be set; it only keeps the operands from being popped.
        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        bool completes = Relate(cpu, op, empty, source, signalsQuiet, out FloatRelation relation);
        int codes = relation switch
        {
            FloatRelation.Greater => 0,
            FloatRelation.Less => X87Bits.C0,
            FloatRelation.Equal => X87Bits.C3,
            _ => X87Bits.Comparison,
        };
        s->Fsw = (ushort)((s->Fsw & ~X87Bits.Comparison) | codes);
        if (completes)
        {
            Pop<TPop>(s);
        }

        return StepStatus.Next;
    }

    private static StepStatus Flags<TPop>(CpuCore cpu, DecodedOp* op, bool signalsQuiet)
        where TPop : struct, IPopCount
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.CompleteKeepingC1(cpu, op);
        bool empty = X87Stack.IsEmpty(s, 0) || X87Stack.IsEmpty(s, op->R1);
        Unpacked source = X87Stack.Unpack(s, op->R1);
        bool completes = Relate(cpu, op, empty, source, signalsQuiet, out FloatRelation relation);
        ulong flags = relation switch
        {
            FloatRelation.Greater => 0,
            FloatRelation.Less => Cpu.Flags.Cf,
            FloatRelation.Equal => Cpu.Flags.Zf,
            _ => Cpu.Flags.Zf | Cpu.Flags.Pf | Cpu.Flags.Cf,
        };
        (s->FlagResult, s->FlagAux) = LazyFlags.FromStatus(flags);
        if (completes)
        {
            Pop<TPop>(s);
        }

        return StepStatus.Next;
    }

    /// <summary>Compares ST(0); false if an unmasked exception keeps the outcome from being told.</summary>
    private static bool Relate(
        CpuCore cpu, DecodedOp* op, bool empty, in Unpacked source, bool signalsQuiet, out FloatRelation relation)
    {
        relation = FloatRelation.Unordered;
        if (empty)
        {
            return X87Access.Underflow(cpu, op);
        }

        FloatStatus status = X87Access.Status(cpu.State);
        relation = Comparison.Compare(X87Stack.Unpack(cpu.State, 0), source, signalsQuiet, ref status);
        X87Access.Finish(cpu, op, status);
        return !status.HasNoResult;
    }

    private static void Pop<TPop>(CpuState* s)
        where TPop : struct, IPopCount
    {
        for (int i = 0; i < TPop.Count; i++)
        {
            X87Stack.Pop(s);
        }
    }

    private interface IPopCount
    {
        static abstract int Count { get; }
    }

    private readonly struct NoPop : IPopCount
    {
        public static int Count => 0;
    }

    private readonly struct PopOnce : IPopCount
    {
        public static int Count => 1;
    }

    private readonly struct PopTwice : IPopCount
    {
        public static int Count => 2;
    }
}
