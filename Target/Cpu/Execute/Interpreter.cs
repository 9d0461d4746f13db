using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Decode;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Why the interpreter came back to whoever runs the processor.</summary>
internal enum RunExit
{
    /// <summary>The turn is used up.</summary>
    TurnOver,

    /// <summary>An instruction boundary at which something may be due: a debug trap, an interrupt, a mode change.</summary>
    Boundary,

    /// <summary>The instruction at RIP faulted: <see cref="CpuCore.Pending"/>.</summary>
    Fault,

    /// <summary>A software interrupt is to be delivered: <see cref="CpuCore.Pending"/>; RIP is behind the instruction.</summary>
    SoftwareInterrupt,

    /// <summary>An execution breakpoint stands at RIP: a debug register's or the debugger's.</summary>
    Breakpoint,

    Halt,

    /// <summary>PAUSE: the rest of the turn may go to others.</summary>
    Pause,
}

/// <summary>Runs one processor's instructions until something that is not an instruction's own business.</summary>
internal static unsafe class Interpreter
{
    /// <summary>
    /// Runs up to <see cref="CpuCore.Left"/> instructions. Nothing may be pending at the boundary where it starts.
    /// </summary>
    public static RunExit Run(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        cpu.Attention = false;
        if (NeedsCare(s))
        {
            return One(cpu);
        }

        while (cpu.Left > 0)
        {
            DecodedOp* first = JumpCache.Find(s, s->Rip);
            if (first == null || cpu.Blocks.LinkFrom != null)
            {
                first = cpu.Blocks.Lookup(single: false);
                if (first == null)
                {
                    return RunExit.Fault;
                }
            }

            long count = BlockHeader.Of(first)->Count;
            int end = count <= cpu.Left
                ? first->Handler(cpu, s, first, cpu.Left - count, s->FlagResult, s->FlagAux)
                : Part(cpu, first);
            if (end == Threaded.ChainEnd.Lookup)
            {
                continue;
            }

            RunExit? exit = Settle(cpu, (StepStatus)end);
            if (exit.HasValue)
            {
                return exit.Value;
            }
        }

        return RunExit.TurnOver;
    }

    /// <summary>
    /// Runs exactly one instruction (one iteration of a string instruction if <see cref="CpuCore.SingleIteration"/>), execution
    /// breakpoints disregarded; ends shadows and RF, and notes single-step and data-breakpoint traps.
    /// </summary>
    public static RunExit One(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        DecodedOp* op = cpu.Blocks.Lookup(single: true);
        if (op == null)
        {
            return RunExit.Fault;
        }

        bool trace = (s->SystemFlags & Flags.Tf) != 0;
        bool resume = (s->SystemFlags & Flags.Rf) != 0;
        byte sti = s->StiShadow;
        byte movSs = s->MovSsShadow;
        s->StiShadow = s->MovSsShadow = 0;
        s->SystemFlags &= ~Flags.Rf;
        cpu.Attention = false;
        cpu.TraceDecided = false;
        cpu.SingleIteration = trace || cpu.StepRequested;
        StepStatus status = op->Execute(cpu, op);
        cpu.SingleIteration = false;
        if (status is StepStatus.Fault or StepStatus.Repeat && resume)
        {
            // RF stays until the instruction is through (SDM vol. 3, 18.3.1.1); a fault's handler gets it pushed.
            s->SystemFlags |= Flags.Rf;
        }

        if (status == StepStatus.Fault)
        {
            s->StiShadow = sti;
            s->MovSsShadow = movSs;
        }

        Advance(cpu, op, status);
        if (trace && !cpu.TraceDecided && Traces(s, status))
        {
            s->PendingDebug |= Dr6Bits.SingleStep;
        }

        return Settle(cpu, status) ?? RunExit.Boundary;
    }

    /// <summary>RIP of the next instruction in the width that the mode has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Wrap(DecodedOp* op, ulong rip) => Operands.Is64(op) ? rip : (uint)rip;

    /// <summary>The next instruction must be run alone: it is traced, shadowed, resumed, or a string instruction's rest.</summary>
    public static bool NeedsCare(CpuState* s) =>
        (s->SystemFlags & (Flags.Tf | Flags.Rf)) != 0 || (s->StiShadow | s->MovSsShadow | s->Repeating) != 0;

    // With BTF, TF traps taken branches only (SDM vol. 3, 18.4.3).
    private static bool Traces(CpuState* s, StepStatus status) => (s->DebugCtl & DebugCtlBits.Btf) != 0
        ? status == StepStatus.Branch
        : status is not (StepStatus.Fault or StepStatus.SoftwareInterrupt);

    /// <summary>The turn ends inside this block: runs the general forms of as many instructions as are left.</summary>
    private static int Part(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        while (true)
        {
            StepStatus status = op->Execute(cpu, op);
            Advance(cpu, op, status);
            if (status != StepStatus.Next || cpu.Attention || cpu.Left == 0)
            {
                return (int)status;
            }

            op++;
        }
    }

    private static void Advance(CpuCore cpu, DecodedOp* op, StepStatus status)
    {
        bool completed = status is not (StepStatus.Fault or StepStatus.Repeat or StepStatus.Breakpoint);
        if (completed)
        {
            cpu.Left--;
        }

        if (status != StepStatus.Branch)
        {
            cpu.State->Rip = completed ? Wrap(op, op->NextRip) : op->Rip;
        }
    }

    /// <summary>What the end of a chain means to the caller; null: nothing, go on.</summary>
    private static RunExit? Settle(CpuCore cpu, StepStatus status)
    {
        CpuState* s = cpu.State;
        s->Repeating = status == StepStatus.Repeat ? (byte)1 : (byte)0;
        switch (status)
        {
            case StepStatus.Fault:
                cpu.Debug.Discard();
                return RunExit.Fault;
            case StepStatus.Breakpoint:
                return RunExit.Breakpoint;
            case StepStatus.Repeat:
                // A partial string instruction is a step of the machine, though nothing has retired.
                cpu.Left--;
                cpu.Unfinished++;
                break;
        }

        s->PendingDebug |= cpu.Debug.TakeHits();
        return status switch
        {
            StepStatus.SoftwareInterrupt => RunExit.SoftwareInterrupt,
            StepStatus.Halt => RunExit.Halt,
            StepStatus.Pause => RunExit.Pause,
            _ => cpu.Attention ? RunExit.Boundary : null,
        };
    }
}
