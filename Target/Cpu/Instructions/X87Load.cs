using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>FLD FILD FBLD and the constants: everything that pushes one value (SDM vol. 2).</summary>
internal static unsafe class X87Load
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Fld_m32fp, &Memory<X87Single>);
        table.Add(Code.Fld_m64fp, &Memory<X87Double>);
        table.Add(Code.Fld_m80fp, &Extended);
        table.Add(Code.Fld_sti, &Register);
        table.Add(Mnemonic.Fild, null, &Memory<X87Word>, &Memory<X87Doubleword>, &Memory<X87Quadword>);
        table.Add(Mnemonic.Fbld, &Decimal);
        table.Add(Mnemonic.Fldz, &Zero);
        table.Add(Mnemonic.Fld1, &One);
        table.Add(Mnemonic.Fldpi, &Pi);
        table.Add(Mnemonic.Fldl2t, &Log2Of10);
        table.Add(Mnemonic.Fldl2e, &Log2OfE);
        table.Add(Mnemonic.Fldlg2, &Log10Of2);
        table.Add(Mnemonic.Fldln2, &LnOf2);
    }

    /// <summary>
    /// The memory operand of ten bytes; its alignment, where that is checked, is that of its first eight.
    /// </summary>
    public static bool LoadTenBytes(CpuCore cpu, DecodedOp* op, out ulong low, out ushort high)
    {
        low = 0;
        high = 0;
        bool stack = Operands.Stack(op);
        return Operands.Address(cpu, op, 10, write: false, out ulong linear)
            && cpu.Mmu.Load(linear, stack, out low)
            && cpu.Mmu.Load(linear + 8, stack, out high);
    }

    private static StepStatus Memory<TFormat>(CpuCore cpu, DecodedOp* op)
        where TFormat : struct, IX87MemoryFormat
    {
        if (!X87Access.BeginWaiting(cpu) || !TFormat.Load(cpu, op, out Unpacked value))
        {
            return StepStatus.Fault;
        }

        X87Access.Complete(cpu, op);
        if (!HasRoom(cpu, op))
        {
            return StepStatus.Next;
        }

        FloatStatus status = X87Access.Status(cpu.State);
        Unpacked loaded = value.IsNaN ? ExtendedNaN.Propagate(value, ref status) : value;
        if (!status.HasNoResult)
        {
            X87Stack.Push(cpu.State, Float80.Pack(loaded));
        }

        // DE comes with its result, masked or not.
        if (value.IsDenormal)
        {
            status.Raise(FloatExceptions.Denormal);
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    private static StepStatus Extended(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu) || !LoadTenBytes(cpu, op, out ulong low, out ushort high))
        {
            return StepStatus.Fault;
        }

        return Push(cpu, op, new Float80(low, high));
    }

    private static StepStatus Decimal(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu) || !LoadTenBytes(cpu, op, out ulong low, out ushort high))
        {
            return StepStatus.Fault;
        }

        return Push(cpu, op, Float80.Pack(new PackedDecimal(low, high).Unpack()));
    }

    private static StepStatus Register(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        if (X87Stack.IsEmpty(s, op->R0))
        {
            // Wins over an overflow.
            if (X87Access.Underflow(cpu, op))
            {
                X87Stack.Push(s, Float80.Indefinite);
            }
        }
        else if (HasRoom(cpu, op))
        {
            X87Stack.Push(s, X87Stack.Read(s, op->R0));
        }

        return StepStatus.Next;
    }

    private static StepStatus Zero(CpuCore cpu, DecodedOp* op) => Constant(cpu, op, Float80.Zero);

    private static StepStatus One(CpuCore cpu, DecodedOp* op) => Constant(cpu, op, new Float80(1UL << 63, 0x3FFF));

    private static StepStatus Pi(CpuCore cpu, DecodedOp* op) => Constant(cpu, op, ExtendedConstants.Pi);

    private static StepStatus Log2Of10(CpuCore cpu, DecodedOp* op) => Constant(cpu, op, ExtendedConstants.Log2Of10);

    private static StepStatus Log2OfE(CpuCore cpu, DecodedOp* op) => Constant(cpu, op, ExtendedConstants.Log2OfE);

    private static StepStatus Log10Of2(CpuCore cpu, DecodedOp* op) => Constant(cpu, op, ExtendedConstants.Log10Of2);

    private static StepStatus LnOf2(CpuCore cpu, DecodedOp* op) => Constant(cpu, op, ExtendedConstants.LnOf2);

    private static StepStatus Constant(CpuCore cpu, DecodedOp* op, WideFloat value) =>
        Constant(cpu, op, ExtendedConstants.Load(value, X87Access.Status(cpu.State).Rounding));

    private static StepStatus Constant(CpuCore cpu, DecodedOp* op, Float80 value) =>
        X87Access.BeginWaiting(cpu) ? Push(cpu, op, value) : StepStatus.Fault;

    private static StepStatus Push(CpuCore cpu, DecodedOp* op, Float80 value)
    {
        X87Access.Complete(cpu, op);
        if (HasRoom(cpu, op))
        {
            X87Stack.Push(cpu.State, value);
        }

        return StepStatus.Next;
    }

    /// <summary>The register before TOP is empty; if not, the overflow has been dealt with.</summary>
    private static bool HasRoom(CpuCore cpu, DecodedOp* op)
    {
        if (X87Stack.IsEmpty(cpu.State, 7))
        {
            return true;
        }

        if (X87Access.Overflow(cpu, op))
        {
            X87Stack.Push(cpu.State, Float80.Indefinite);
        }

        return false;
    }
}
