using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>A function of ST(0).</summary>
internal interface IX87Function
{
    /// <summary>The new ST(0).</summary>
    static abstract Unpacked Apply(in Unpacked value, ref FloatStatus status);
}

/// <summary>FSQRT FRNDINT FSCALE FXTRACT FPREM FPREM1 F2XM1 FYL2X FYL2XP1 FPATAN (SDM vol. 2).</summary>
internal static unsafe class X87Functions
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fsqrt, &Unary<Root>);
        table.Add(Mnemonic.Frndint, &Unary<RoundToIntegral>);
        table.Add(Mnemonic.F2xm1, &Unary<PowerOf2Minus1>);
        table.Add(Mnemonic.Fscale, &Scale);
        table.Add(Mnemonic.Fprem, &TruncatedRemainder);
        table.Add(Mnemonic.Fprem1, &NearestRemainder);
        table.Add(Mnemonic.Fxtract, &Extract);
        table.Add(Mnemonic.Fyl2x, &FoldTwo<TimesLog2>);
        table.Add(Mnemonic.Fyl2xp1, &FoldTwo<TimesLog2Plus1>);
        table.Add(Mnemonic.Fpatan, &FoldTwo<Arctangent>);
    }

    /// <summary>
    /// Common start: nothing pending, <paramref name="operands"/> registers not empty. False if the instruction is
    /// over, with <paramref name="outcome"/>; where a register was missing, ST(0) then has the indefinite, if IE is
    /// masked.
    /// </summary>
    public static bool Begin(CpuCore cpu, DecodedOp* op, int operands, out StepStatus outcome)
    {
        outcome = StepStatus.Fault;
        if (!X87Access.BeginWaiting(cpu))
        {
            return false;
        }

        outcome = StepStatus.Next;
        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        if (!X87Stack.IsEmpty(s, 0) && (operands == 1 || !X87Stack.IsEmpty(s, 1)))
        {
            return true;
        }

        if (X87Access.Underflow(cpu, op))
        {
            X87Stack.Write(s, 0, Float80.Indefinite);
        }

        return false;
    }

    /// <summary>
    /// The same for instructions that replace ST(0) and push. A missing operand or room for the push gives both places
    /// the indefinite, if IE is masked; the missing operand wins.
    /// </summary>
    public static bool BeginPair(CpuCore cpu, DecodedOp* op, out StepStatus outcome)
    {
        outcome = StepStatus.Fault;
        if (!X87Access.BeginWaiting(cpu))
        {
            return false;
        }

        outcome = StepStatus.Next;
        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        bool empty = X87Stack.IsEmpty(s, 0);
        if (!empty && X87Stack.IsEmpty(s, 7))
        {
            return true;
        }

        if (empty ? X87Access.Underflow(cpu, op) : X87Access.Overflow(cpu, op))
        {
            X87Stack.Write(s, 0, Float80.Indefinite);
            X87Stack.Push(s, Float80.Indefinite);
        }

        return false;
    }

    /// <summary>
    /// Clears C2, which tells that there is more to do, when an instruction that has it ended early for want of an
    /// operand or of room.
    /// </summary>
    public static void ClearC2(CpuState* s, StepStatus outcome)
    {
        if (outcome == StepStatus.Next)
        {
            s->Fsw &= unchecked((ushort)~X87Bits.C2);
        }
    }

    private static StepStatus Unary<TFunction>(CpuCore cpu, DecodedOp* op)
        where TFunction : struct, IX87Function
    {
        if (!Begin(cpu, op, 1, out StepStatus outcome))
        {
            return outcome;
        }

        FloatStatus status = X87Access.Status(cpu.State);
        return Replace(cpu, op, TFunction.Apply(X87Stack.Unpack(cpu.State, 0), ref status), status);
    }

    private static StepStatus Scale(CpuCore cpu, DecodedOp* op)
    {
        if (!Begin(cpu, op, 2, out StepStatus outcome))
        {
            return outcome;
        }

        CpuState* s = cpu.State;
        FloatStatus status = X87Access.Status(s);
        Unpacked result = ExtendedScale.Scale(X87Stack.Unpack(s, 0), X87Stack.Unpack(s, 1), ref status);
        return Replace(cpu, op, result, status);
    }

    private static StepStatus TruncatedRemainder(CpuCore cpu, DecodedOp* op) => Remainder(cpu, op, toNearest: false);

    private static StepStatus NearestRemainder(CpuCore cpu, DecodedOp* op) => Remainder(cpu, op, toNearest: true);

    private static StepStatus Remainder(CpuCore cpu, DecodedOp* op, bool toNearest)
    {
        CpuState* s = cpu.State;
        if (!Begin(cpu, op, 2, out StepStatus outcome))
        {
            ClearC2(s, outcome);
            return outcome;
        }

        s->Fsw &= unchecked((ushort)~X87Bits.C2);
        FloatStatus status = X87Access.Status(s);
        ExtendedRemainder.Result result =
            ExtendedRemainder.Remainder(X87Stack.Unpack(s, 0), X87Stack.Unpack(s, 1), toNearest, ref status);
        if (result.HasQuotient)
        {
            int codes = result.IsPartial ? X87Bits.C2 : 0;
            codes |= (result.Quotient & 4) != 0 ? X87Bits.C0 : 0;
            codes |= (result.Quotient & 2) != 0 ? X87Bits.C3 : 0;
            codes |= (result.Quotient & 1) != 0 ? X87Bits.C1 : 0;
            s->Fsw = (ushort)((s->Fsw & ~X87Bits.Comparison) | codes);
        }

        return Replace(cpu, op, result.Value, status);
    }

    private static StepStatus Extract(CpuCore cpu, DecodedOp* op)
    {
        if (!BeginPair(cpu, op, out StepStatus outcome))
        {
            return outcome;
        }

        CpuState* s = cpu.State;
        FloatStatus status = X87Access.Status(s);
        Unpacked significand = ExtendedScale.Extract(X87Stack.Unpack(s, 0), out Unpacked exponent, ref status);
        if (!status.HasNoResult)
        {
            X87Stack.Write(s, 0, exponent);
            X87Stack.Push(s, Float80.Pack(significand));
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    /// <summary>ST(1) becomes a function of both; ST(0) is popped.</summary>
    private static StepStatus FoldTwo<TFunction>(CpuCore cpu, DecodedOp* op)
        where TFunction : struct, IX87Operation
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        if (X87Stack.IsEmpty(s, 0) || X87Stack.IsEmpty(s, 1))
        {
            if (X87Access.Underflow(cpu, op))
            {
                X87Stack.Pop(s);
                X87Stack.Write(s, 0, Float80.Indefinite);
            }

            return StepStatus.Next;
        }

        FloatStatus status = X87Access.Status(s);
        Unpacked result = TFunction.Apply(X87Stack.Unpack(s, 1), X87Stack.Unpack(s, 0), ref status);
        if (!status.HasNoResult)
        {
            X87Stack.Pop(s);
            X87Stack.Write(s, 0, result);
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    private static StepStatus Replace(CpuCore cpu, DecodedOp* op, in Unpacked result, in FloatStatus status)
    {
        if (!status.HasNoResult)
        {
            X87Stack.Write(cpu.State, 0, result);
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    private readonly struct Root : IX87Function
    {
        public static Unpacked Apply(in Unpacked value, ref FloatStatus status) =>
            Extended.SquareRoot(value, ref status);
    }

    private readonly struct RoundToIntegral : IX87Function
    {
        public static Unpacked Apply(in Unpacked value, ref FloatStatus status) =>
            Extended.RoundToIntegral(value, ref status);
    }

    private readonly struct PowerOf2Minus1 : IX87Function
    {
        public static Unpacked Apply(in Unpacked value, ref FloatStatus status) =>
            ExtendedExponential.PowerOf2Minus1(value, ref status);
    }

    private readonly struct TimesLog2 : IX87Operation
    {
        public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
            ExtendedLogarithm.TimesLog2(destination, source, ref status);
    }

    private readonly struct TimesLog2Plus1 : IX87Operation
    {
        public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
            ExtendedLogarithm.TimesLog2Plus1(destination, source, ref status);
    }

    private readonly struct Arctangent : IX87Operation
    {
        public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
            ExtendedArctangent.Arctangent(destination, source, ref status);
    }
}
