using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>FNINIT FNCLEX FLDCW FNSTCW FNSTSW FWAIT (SDM vol. 2). None of them becomes the last instruction.</summary>
internal static unsafe class X87Control
{
    private const ulong RefusingWait = ControlBits.Cr0Mp | ControlBits.Cr0Ts;

    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fninit, &Initialise);
        table.Add(Mnemonic.Fnclex, &ClearExceptions);
        table.Add(Mnemonic.Fldcw, &LoadControl);
        table.Add(Mnemonic.Fnstcw, &StoreControl);
        table.Add(Mnemonic.Fnstsw, &StoreStatus);
        table.Add(Mnemonic.Wait, &Wait);
    }

    /// <summary>The state after FNINIT and FNSAVE; the registers keep their bits.</summary>
    public static void Reset(CpuState* s)
    {
        s->Fcw = X87Bits.ControlInitial;
        s->Fsw = 0;
        s->Ftw = 0;
        s->Fop = 0;
        s->Fip = 0;
        s->Fdp = 0;
        s->Fcs = 0;
        s->Fds = 0;
    }

    /// <summary>
    /// Loads the control word; exceptions that it unmasks will be seen by the next waiting instruction.
    /// </summary>
    public static void SetControl(CpuState* s, ushort value)
    {
        s->Fcw = (ushort)((value & X87Bits.ControlWritable) | X87Bits.ControlReserved);
        X87Access.Summarise(s);
    }

    private static StepStatus Initialise(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.Available(cpu))
        {
            return StepStatus.Fault;
        }

        Reset(cpu.State);
        return StepStatus.Next;
    }

    private static StepStatus ClearExceptions(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.Available(cpu))
        {
            return StepStatus.Fault;
        }

        const int cleared = X87Bits.Masks | X87Bits.StackFault | X87Bits.Summary | X87Bits.Busy;
        cpu.State->Fsw &= unchecked((ushort)~cleared);
        return StepStatus.Next;
    }

    private static StepStatus LoadControl(CpuCore cpu, DecodedOp* op)
    {
        if (!X87Access.BeginWaiting(cpu) || !Operands.LoadMemory(cpu, op, out ushort value))
        {
            return StepStatus.Fault;
        }

        SetControl(cpu.State, value);
        return StepStatus.Next;
    }

    private static StepStatus StoreControl(CpuCore cpu, DecodedOp* op) =>
        X87Access.Available(cpu) && Operands.StoreMemory(cpu, op, cpu.State->Fcw)
            ? StepStatus.Next
            : StepStatus.Fault;

    private static StepStatus StoreStatus(CpuCore cpu, DecodedOp* op) =>
        X87Access.Available(cpu) && Operands.Write0(cpu, op, cpu.State->Fsw)
            ? StepStatus.Next
            : StepStatus.Fault;

    private static StepStatus Wait(CpuCore cpu, DecodedOp* op)
    {
        if ((cpu.State->Cr0 & RefusingWait) == RefusingWait)
        {
            return cpu.Fault(Vector.DeviceNotAvailable);
        }

        return X87Access.NothingPending(cpu) ? StepStatus.Next : StepStatus.Fault;
    }
}
