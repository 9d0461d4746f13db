using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// What moves registers or changes signs and tags, without arithmetic: FST FSTP FXCH FCMOVcc FABS FCHS FXAM FFREE
/// FFREEP FINCSTP FDECSTP FNOP (SDM vol. 2), and the 8087's and 287's instructions that do nothing since.
/// </summary>
internal static unsafe class X87Move
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Fst_sti, &Store);
        table.Add(Code.Fstp_sti, &StorePop);
        table.Add(Code.Fstp_sti_DFD0, &StorePop);
        table.Add(Code.Fstp_sti_DFD8, &StorePop);
        table.Add(Mnemonic.Fstpnce, &StorePopNoException);
        table.Add(Mnemonic.Fxch, &Exchange);
        table.Add(Mnemonic.Fabs, &Absolute);
        table.Add(Mnemonic.Fchs, &ChangeSign);
        table.Add(Mnemonic.Fxam, &Examine);
        table.Add(Mnemonic.Ffree, &Free);
        table.Add(Mnemonic.Ffreep, &FreePop);
        table.Add(Mnemonic.Fincstp, &IncrementTop);
        table.Add(Mnemonic.Fdecstp, &DecrementTop);
        table.Add(Mnemonic.Fnop, &Nothing);
        table.Add(Mnemonic.Fneni, &Obsolete);
        table.Add(Mnemonic.Fndisi, &Obsolete);
        table.Add(Mnemonic.Fnsetpm, &Obsolete);
        table.Add(Mnemonic.Fcmovb, &MoveIfBelow);
        table.Add(Mnemonic.Fcmovnb, &MoveIfNotBelow);
        table.Add(Mnemonic.Fcmove, &MoveIfEqual);
        table.Add(Mnemonic.Fcmovne, &MoveIfNotEqual);
        table.Add(Mnemonic.Fcmovbe, &MoveIfBelowOrEqual);
        table.Add(Mnemonic.Fcmovnbe, &MoveIfAbove);
        table.Add(Mnemonic.Fcmovu, &MoveIfUnordered);
        table.Add(Mnemonic.Fcmovnu, &MoveIfNotUnordered);
    }

    private static StepStatus Store(CpuCore cpu, DecodedOp* op) => Store(cpu, op, pop: false);

    private static StepStatus StorePop(CpuCore cpu, DecodedOp* op) => Store(cpu, op, pop: true);

    private static StepStatus Store(CpuCore cpu, DecodedOp* op, bool pop)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        Float80 value = X87Stack.Read(s, 0);
        if (X87Stack.IsEmpty(s, 0))
        {
            value = Float80.Indefinite;
            if (!X87Access.Underflow(cpu, op))
            {
                return StepStatus.Next;
            }
        }

        X87Stack.Write(s, op->R0, value);
        if (pop)
        {
            X87Stack.Pop(s);
        }

        return StepStatus.Next;
    }

    /// <summary>D9 D8+i, undocumented: an empty ST(0) is popped without ado.</summary>
    private static StepStatus StorePopNoException(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Stack.IsEmpty(cpu.State, 0))
        {
            return StorePop(cpu, op);
        }

        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        X87Access.Complete(cpu, op);
        X87Stack.Pop(cpu.State);
        return StepStatus.Next;
    }

    private static StepStatus Exchange(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        bool empty0 = X87Stack.IsEmpty(s, 0);
        bool emptyI = X87Stack.IsEmpty(s, op->R1);
        if ((empty0 || emptyI) && !X87Access.Underflow(cpu, op))
        {
            return StepStatus.Next;
        }

        Float80 st0 = empty0 ? Float80.Indefinite : X87Stack.Read(s, 0);
        Float80 stI = emptyI ? Float80.Indefinite : X87Stack.Read(s, op->R1);
        X87Stack.Write(s, 0, stI);
        X87Stack.Write(s, op->R1, st0);
        return StepStatus.Next;
    }

    private static StepStatus Absolute(CpuCore cpu, DecodedOp* op) => Sign(cpu, op, 0x7FFF, 0);

    private static StepStatus ChangeSign(CpuCore cpu, DecodedOp* op) => Sign(cpu, op, 0xFFFF, 0x8000);

    private static StepStatus Sign(CpuCore cpu, DecodedOp* op, int keep, int flip)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        if (!X87Stack.IsEmpty(s, 0))
        {
            Float80 value = X87Stack.Read(s, 0);
            X87Stack.Write(s, 0, value with { SignExponent = (ushort)((value.SignExponent & keep) ^ flip) });
        }
        else if (X87Access.Underflow(cpu, op))
        {
            X87Stack.Write(s, 0, Float80.Indefinite);
        }

        return StepStatus.Next;
    }

    // Never an exception: an empty register is a class of its own, and its sign is told all the same.
    private static StepStatus Examine(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.Complete(cpu, op);
        Unpacked value = X87Stack.Unpack(s, 0);
        int codes = X87Stack.IsEmpty(s, 0) ? X87Bits.C3 | X87Bits.C0 : value.Class switch
        {
            FloatClass.Unsupported => 0,
            FloatClass.QuietNaN or FloatClass.SignalingNaN => X87Bits.C0,
            FloatClass.Infinity => X87Bits.C2 | X87Bits.C0,
            FloatClass.Zero => X87Bits.C3,
            _ => value.IsDenormal ? X87Bits.C3 | X87Bits.C2 : X87Bits.C2,
        };
        codes |= value.Sign ? X87Bits.C1 : 0;
        s->Fsw = (ushort)((s->Fsw & ~X87Bits.Comparison) | codes);
        return StepStatus.Next;
    }

    private static StepStatus Free(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        X87Access.Complete(cpu, op);
        X87Stack.Free(cpu.State, op->R0);
        return StepStatus.Next;
    }

    private static StepStatus FreePop(CpuCore cpu, DecodedOp* op)
    {
        StepStatus status = Free(cpu, op);
        if (status == StepStatus.Next)
        {
            X87Stack.Pop(cpu.State);
        }

        return status;
    }

    private static StepStatus IncrementTop(CpuCore cpu, DecodedOp* op) => Rotate(cpu, op, 1);

    private static StepStatus DecrementTop(CpuCore cpu, DecodedOp* op) => Rotate(cpu, op, -1);

    private static StepStatus Rotate(CpuCore cpu, DecodedOp* op, int step)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        X87Access.Complete(cpu, op);
        X87Stack.SetTop(cpu.State, X87Stack.Top(cpu.State) + step);
        return StepStatus.Next;
    }

    private static StepStatus Nothing(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        X87Access.CompleteKeepingC1(cpu, op);
        return StepStatus.Next;
    }

    private static StepStatus Obsolete(CpuCore cpu, DecodedOp* op) =>
        X87Access.Available(cpu) ? StepStatus.Next : StepStatus.Fault;

    private static StepStatus MoveIfBelow(CpuCore cpu, DecodedOp* op) => MoveIf(cpu, op, Flags.Cf, wanted: true);

    private static StepStatus MoveIfNotBelow(CpuCore cpu, DecodedOp* op) => MoveIf(cpu, op, Flags.Cf, wanted: false);

    private static StepStatus MoveIfEqual(CpuCore cpu, DecodedOp* op) => MoveIf(cpu, op, Flags.Zf, wanted: true);

    private static StepStatus MoveIfNotEqual(CpuCore cpu, DecodedOp* op) => MoveIf(cpu, op, Flags.Zf, wanted: false);

    private static StepStatus MoveIfBelowOrEqual(CpuCore cpu, DecodedOp* op) =>
        MoveIf(cpu, op, Flags.Cf | Flags.Zf, wanted: true);

    private static StepStatus MoveIfAbove(CpuCore cpu, DecodedOp* op) =>
        MoveIf(cpu, op, Flags.Cf | Flags.Zf, wanted: false);

    private static StepStatus MoveIfUnordered(CpuCore cpu, DecodedOp* op) => MoveIf(cpu, op, Flags.Pf, wanted: true);

    private static StepStatus MoveIfNotUnordered(CpuCore cpu, DecodedOp* op) =>
        MoveIf(cpu, op, Flags.Pf, wanted: false);

    private static StepStatus MoveIf(CpuCore cpu, DecodedOp* op, ulong flags, bool wanted)
    {
        if (!X87Access.BeginWaiting(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        X87Access.CompleteKeepingC1(cpu, op);
        if (X87Stack.IsEmpty(s, 0) || X87Stack.IsEmpty(s, op->R1))
        {
            if (X87Access.Underflow(cpu, op))
            {
                X87Stack.Write(s, 0, Float80.Indefinite);
            }
        }
        else if ((s->Rflags & flags) != 0 == wanted)
        {
            X87Stack.Write(s, 0, X87Stack.Read(s, op->R1));
        }

        return StepStatus.Next;
    }
}
