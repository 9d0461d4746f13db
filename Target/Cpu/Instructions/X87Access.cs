using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// What x87 instructions share before and after the arithmetic: availability, pending exceptions, the pointers to the
/// last instruction, and how exceptions get into the status word.
/// </summary>
internal static unsafe class X87Access
{
    private const ulong Refusing = ControlBits.Cr0Em | ControlBits.Cr0Ts;

    /// <summary>
    /// #NM if the x87 is not to be used, then #MF if an unmasked exception waits (SDM vol. 3, table 2-2; vol. 1,
    /// section 8.6). Without CR0.NE, an exception would go out over FERR# to an interrupt controller that this machine
    /// does not have; it is then ignored, as with IGNNE# held.
    /// </summary>
    public static bool BeginWaiting(CpuCore cpu) => Available(cpu) && NothingPending(cpu);

    /// <summary>#NM alone: FNINIT and the other instructions that do not wait.</summary>
    public static bool Available(CpuCore cpu)
    {
        if ((cpu.State->Cr0 & Refusing) == 0)
        {
            return true;
        }

        cpu.Fault(Vector.DeviceNotAvailable);
        return false;
    }

    /// <summary>#MF alone.</summary>
    public static bool NothingPending(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        if ((s->Fsw & X87Bits.Summary) == 0 || (s->Cr0 & ControlBits.Cr0Ne) == 0)
        {
            return true;
        }

        cpu.Fault(Vector.FloatingPoint);
        return false;
    }

    /// <summary>
    /// The instruction will complete: it becomes the last one, and C1 is cleared. Comes after the last possible fault.
    /// </summary>
    public static void Complete(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->Fsw &= unchecked((ushort)~X87Bits.C1);
        CompleteKeepingC1(cpu, op);
    }

    /// <summary>The same for the few instructions that leave C1 alone.</summary>
    public static void CompleteKeepingC1(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        s->Fip = op->Rip;
        s->Fcs = s->Cs.Selector;
        X87Opcode.Note(cpu, op);
        if (op->K0 == OperandKind.Memory)
        {
            SegmentIndex segment = op->Segment != SegmentIndex.Flat ? op->Segment
                : (op->Prefixes & OpPrefixes.StackSegment) != 0 ? SegmentIndex.Ss : SegmentIndex.Ds;
            s->Fdp = Operands.Offset(s, op);
            s->Fds = CpuState.Segment(s, segment)->Selector;
        }
    }

    /// <summary>The status to compute with.</summary>
    public static FloatStatus Status(CpuState* s) => FloatStatus.FromControlWord(s->Fcw);

    /// <summary>Takes the exceptions over into the status word; with PE, C1 tells whether rounding went up.</summary>
    public static void Finish(CpuCore cpu, DecodedOp* op, in FloatStatus status)
    {
        if (status.Raised == FloatExceptions.None)
        {
            return;
        }

        CpuState* s = cpu.State;
        s->Fsw |= (ushort)status.Raised;
        if (status.RoundedUp && (status.Raised & FloatExceptions.Precision) != 0)
        {
            s->Fsw |= X87Bits.C1;
        }

        if (status.Unmasked != FloatExceptions.None)
        {
            s->Fsw |= X87Bits.Summary | X87Bits.Busy;
            s->Fop = (ushort)op->Imm;
        }
    }

    /// <summary>An operand is missing; true if IE is masked and the indefinite takes its place.</summary>
    public static bool Underflow(CpuCore cpu, DecodedOp* op) => Stack(cpu, op, 0);

    /// <summary>A register to push into is not empty; true if IE is masked and the indefinite is pushed.</summary>
    public static bool Overflow(CpuCore cpu, DecodedOp* op) => Stack(cpu, op, X87Bits.C1);

    /// <summary>ES and B follow from exceptions and masks: after either was loaded.</summary>
    public static void Summarise(CpuState* s)
    {
        bool pending = (s->Fsw & ~s->Fcw & X87Bits.Masks) != 0;
        int summary = pending ? X87Bits.Summary | X87Bits.Busy : 0;
        s->Fsw = (ushort)((s->Fsw & ~(X87Bits.Summary | X87Bits.Busy)) | summary);
    }

    private static bool Stack(CpuCore cpu, DecodedOp* op, ushort direction)
    {
        FloatStatus status = Status(cpu.State);
        bool masked = !status.Raise(FloatExceptions.Invalid);
        int kept = cpu.State->Fsw & ~X87Bits.C1;
        cpu.State->Fsw = (ushort)(kept | X87Bits.StackFault | direction);
        Finish(cpu, op, status);
        return masked;
    }
}
