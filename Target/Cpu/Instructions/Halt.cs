using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>HLT, MONITOR, MWAIT and PAUSE (SDM vol. 2).</summary>
internal static unsafe class Halt
{
    private const ulong BreakOnMaskedInterrupt = 1;

    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Hlt, &Hlt);
        table.Add(Mnemonic.Monitor, &Monitor);
        table.Add(Mnemonic.Mwait, &Mwait);
        table.Add(Mnemonic.Pause, &Pause);
    }

    private static StepStatus Hlt(CpuCore cpu, DecodedOp* op)
    {
        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        cpu.State->Activity = ActivityState.Halted;
        return StepStatus.Halt;
    }

    // A load in every respect, and no extension is known, so ECX must be 0. The address is in rAX.
    private static StepStatus Monitor(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (s->Cpl != 0)
        {
            return cpu.InvalidOpcode();
        }

        if ((uint)s->Gpr[Gpr.Rcx] != 0)
        {
            return cpu.GeneralProtection();
        }

        ulong linear = op->AddressWidth switch
        {
            1 => (ushort)s->Gpr[Gpr.Rax],
            2 => (uint)s->Gpr[Gpr.Rax],
            _ => s->Gpr[Gpr.Rax],
        };
        SegmentIndex segment = op->Segment == SegmentIndex.Flat ? SegmentIndex.Ds : op->Segment;
        if (!Segmentation.Linear(cpu, segment, linear, 1, false, Operands.Is64(op), out linear)
            || !cpu.Mmu.Load(linear, false, out byte _)
            || !cpu.Mmu.Peek(linear, out ulong physical))
        {
            return StepStatus.Fault;
        }

        MonitoredLine.Arm(cpu, physical);
        return StepStatus.Next;
    }

    private static StepStatus Mwait(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (s->Cpl != 0)
        {
            return cpu.InvalidOpcode();
        }

        ulong extensions = (uint)s->Gpr[Gpr.Rcx];
        if ((extensions & ~BreakOnMaskedInterrupt) != 0)
        {
            return cpu.GeneralProtection();
        }

        if (!MonitoredLine.Unchanged(cpu))
        {
            s->Monitor = MonitorState.Off;
            return StepStatus.Next;
        }

        s->Monitor = extensions != 0 ? MonitorState.WaitingBreakable : MonitorState.Waiting;
        s->Activity = ActivityState.Halted;
        return StepStatus.Halt;
    }

    private static StepStatus Pause(CpuCore cpu, DecodedOp* op) => StepStatus.Pause;
}
