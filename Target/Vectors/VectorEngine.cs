using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Vectors;

/// <summary>How a vector's instruction is run.</summary>
internal enum VectorEngine
{
    /// <summary>By its general form, as a single step does.</summary>
    Stepped,

    /// <summary>By its threaded handler, as a block does.</summary>
    Threaded,
}

/// <summary>How one instruction ended.</summary>
/// <param name="Vector">The exception raised, or -1.</param>
/// <param name="Flags">RFLAGS as pushed, or as they are if nothing was raised.</param>
/// <param name="Next">The instruction completed, and it was the next fetch that raised the exception.</param>
internal readonly record struct VectorEnd(int Vector, uint ErrorCode, ulong Cr2, ulong Rip, ulong Flags, bool Next);

/// <summary>Runs one instruction on a <see cref="VectorMachine"/> by either engine, and the fetch behind it if asked.</summary>
internal sealed unsafe class VectorStep(VectorMachine machine)
{
    private readonly CpuCore _cpu = machine.Cpu;

    /// <param name="fetchNext">If the instruction completes, the next one is fetched too.</param>
    public VectorEnd Run(VectorEngine engine, bool fetchNext)
    {
        CpuState* s = _cpu.State;
        ulong start = s->Rip;
        RunExit exit = engine == VectorEngine.Stepped ? Step() : Thread();
        VectorEnd end = Ending(exit, start);
        if (end.Vector < 0 && fetchNext && _cpu.Blocks.Lookup(single: true) == null)
        {
            return Ending(RunExit.Fault, start) with { Next = true };
        }

        return end;
    }

    /// <summary>
    /// A vector with TF or RF is for the boundary logic, which steps: the threaded engine never meets it.
    /// </summary>
    public static bool CanThread(VectorRecord record) => (record.Before.Flags & (Flags.Tf | Flags.Rf)) == 0;

    private RunExit Step()
    {
        CpuState* s = _cpu.State;
        _cpu.Left = 1;
        while (true)
        {
            ulong start = s->Rip;
            ulong unfinished = _cpu.Unfinished;
            RunExit exit = Interpreter.One(_cpu);
            if (exit != RunExit.Boundary || s->Rip != start || _cpu.Unfinished == unfinished || s->PendingDebug != 0)
            {
                return exit;
            }
        }
    }

    /// <summary>
    /// Looks the block up, bars the way behind its first instruction, and enters it with a turn too short for any other
    /// block: a branch then comes back with RIP at its target.
    /// </summary>
    private RunExit Thread()
    {
        CpuState* s = _cpu.State;
        _cpu.Blocks.LinkFrom = null;
        DecodedOp* first = _cpu.Blocks.Lookup(single: false);
        if (first == null)
        {
            return RunExit.Fault;
        }

        while (true)
        {
            first[1].Handler = &Stop;
            long left = 1 - BlockHeader.Of(first)->Count;
            int end = first->Handler(_cpu, s, first, left, s->FlagResult, s->FlagAux);
            _cpu.Blocks.LinkFrom = null;
            switch ((StepStatus)end)
            {
                case StepStatus.Fault:
                    return RunExit.Fault;
                case StepStatus.SoftwareInterrupt:
                    return RunExit.SoftwareInterrupt;
                case StepStatus.Repeat:
                    _cpu.Attention = false;
                    continue;
                default:
                    return RunExit.Boundary;
            }
        }
    }

    private static int Stop(CpuCore cpu, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        s->FlagResult = flagResult;
        s->FlagAux = flagAux;
        s->Rip = op->Rip;
        cpu.Left = left;
        return (int)StepStatus.Next;
    }

    private VectorEnd Ending(RunExit exit, ulong start)
    {
        CpuState* s = _cpu.State;
        PendingEvent pending = _cpu.Pending;
        if (exit == RunExit.SoftwareInterrupt && pending.Source == EventSource.Software && !GateAllows(pending.Vector))
        {
            return new VectorEnd(
                Vector.GeneralProtection, pending.Vector * 8u + 2, 0, start, s->Rflags | Flags.Rf, false);
        }

        if (exit is RunExit.Fault)
        {
            return new VectorEnd(pending.Vector, pending.ErrorCode, s->Cr2, s->Rip, s->Rflags | Flags.Rf, false);
        }

        if (exit == RunExit.SoftwareInterrupt)
        {
            return new VectorEnd(pending.Vector, 0, 0, s->Rip, s->Rflags & ~Flags.Rf, false);
        }

        return s->PendingDebug != 0
            ? new VectorEnd(Vector.Debug, 0, 0, s->Rip, s->Rflags, false)
            : new VectorEnd(-1, 0, 0, s->Rip, s->Rflags & ~Flags.Rf, false);
    }

    /// <summary>The gates that Linux lets user code call with INT n.</summary>
    private static bool GateAllows(byte vector) => vector is 3 or 4 or 0x80;
}
