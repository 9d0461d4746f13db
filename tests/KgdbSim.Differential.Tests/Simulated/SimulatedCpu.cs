using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Vectors;

namespace KgdbSim.Differential.Tests.Simulated;

/// <summary>The simulated processor, running snippets on the machine of the recorded vectors.</summary>
internal sealed unsafe class SimulatedCpu(InstructionTable instructions) : IDisposable
{
    /// <summary>Steps, string iterations included, after which a snippet counts as endless; REP over all of the data pages is shorter.</summary>
    public const int StepsMax = 20_000;

    private readonly VectorMachine _machine = new(instructions);
    private readonly VectorRecord _record = new();
    private readonly SegmentLoader _segments = new();
    private readonly VectorRecord _page = new() { MemoryLength = Layout.Page };

    /// <summary>The processor's model, which decides what instructions there are.</summary>
    public CpuModel Model => _machine.Cpu.Model;

    /// <summary>Runs a snippet one instruction at a time by the general forms.</summary>
    /// <param name="tracker">Told of each instruction before and after, to know what is undefined at the end.</param>
    public void RunStepped(Snippet snippet, Outcome outcome, UndefinedTracker tracker)
    {
        Load(snippet);
        tracker.Start(snippet);
        CpuCore cpu = _machine.Cpu;
        cpu.Left = StepsMax;
        while (true)
        {
            tracker.Before(cpu.State);
            RunExit exit = Interpreter.One(cpu);
            tracker.After(completed: exit != RunExit.Fault);
            if (Ended(exit, outcome))
            {
                return;
            }
        }
    }

    /// <summary>Runs a snippet as blocks of threaded handlers.</summary>
    public void RunThreaded(Snippet snippet, Outcome outcome)
    {
        Load(snippet);
        CpuCore cpu = _machine.Cpu;
        cpu.Left = StepsMax;
        cpu.Blocks.LinkFrom = null;
        while (!Ended(Interpreter.Run(cpu), outcome))
        {
        }
    }

    public void Dispose() => _machine.Dispose();

    private void Load(Snippet snippet)
    {
        VectorState before = _record.Before;
        fixed (MachineState* from = &snippet.State)
        {
            before.Rip = snippet.CodeAddress;
            before.Flags = from->Flags;
            new ReadOnlySpan<ulong>(from->Gpr, MachineState.GprCount).CopyTo(before.Gpr);
            snippet.Code.CopyTo(_record.Code, 0);
            _record.CodeLength = snippet.Code.Length;
            _record.MemoryAddress = snippet.WindowAddress;
            _record.MemoryLength = snippet.Window.Length;
            snippet.Window.CopyTo(before.Memory, 0);
            _machine.Load(_record);
            LoadFloat(_machine.Cpu.State, from);
            _segments.Load(_machine.Cpu, from);
        }
    }

    private static void LoadFloat(CpuState* s, MachineState* from)
    {
        s->Mxcsr = from->Mxcsr;
        s->Fcw = from->Fcw;
        s->Fsw = Summarized(from->Fsw, from->Fcw);
        s->Ftw = (byte)from->Ftw;
        s->Fop = from->Fop;
        s->Fip = from->Fip;
        s->Fdp = from->Fdp;
        s->Fcs = s->Fds = 0;
        for (int i = 0; i < MachineState.StCount; i++)
        {
            int physical = (from->Top + i) & 7;
            s->X87[2 * physical] = from->St[2 * i];
            s->X87[2 * physical + 1] = from->St[2 * i + 1];
        }

        new ReadOnlySpan<ulong>(from->Vector, 64).CopyTo(new Span<ulong>(s->Vector, 64));
    }

    /// <summary>ES and B are what the flags and masks say: so the host's XRSTOR puts them right (SDM vol. 1, 8.1.3.3).</summary>
    private static ushort Summarized(ushort status, ushort control)
    {
        const int flags = 0x3F;
        const int summary = 0x8080;
        return (ushort)((status & ~summary) | ((status & ~control & flags) != 0 ? summary : 0));
    }

    private bool Ended(RunExit exit, Outcome outcome)
    {
        CpuState* s = _machine.Cpu.State;
        PendingEvent pending = _machine.Cpu.Pending;
        outcome.Ending = Ending.Exception;
        outcome.Error = 0;
        outcome.Cr2 = 0;
        ulong rip = s->Rip;
        ulong flags = s->Rflags & ~Flags.Rf;
        if (exit == RunExit.SoftwareInterrupt && pending.Source == EventSource.Software && !GateAllows(pending.Vector))
        {
            outcome.Trap = Vector.GeneralProtection;
            outcome.Error = pending.Vector * 8u + 2;
            rip = pending.InstructionRip;
            flags |= Flags.Rf;
        }
        else if (exit == RunExit.SoftwareInterrupt)
        {
            outcome.Trap = pending.Vector;
        }
        else if (exit == RunExit.Fault)
        {
            outcome.Trap = pending.Vector;
            outcome.Error = pending.ErrorCode;
            outcome.Cr2 = pending.Vector == Vector.PageFault ? s->Cr2 : 0;
            flags |= Flags.Rf;
        }
        else if (s->PendingDebug != 0 && s->MovSsShadow == 0)
        {
            outcome.Trap = Vector.Debug;
            flags = s->Rflags;
        }
        else if (_machine.Cpu.Left <= 0)
        {
            outcome.Ending = Ending.Endless;
        }
        else
        {
            return false;
        }

        Save(s, outcome);
        outcome.State.Rip = rip;
        outcome.State.Flags = flags;
        return true;
    }
    private void Save(CpuState* s, Outcome outcome)
    {
        fixed (MachineState* to = &outcome.State)
        {
            new ReadOnlySpan<ulong>(s->Gpr, MachineState.GprCount).CopyTo(new Span<ulong>(to->Gpr, MachineState.GprCount));
            to->FsBase = s->Fs.Base;
            to->GsBase = s->Gs.Base;
            to->Cs = s->Cs.Selector;
            to->Ss = s->Ss.Selector;
            to->Ds = s->Ds.Selector;
            to->Es = s->Es.Selector;
            to->Fs = s->Fs.Selector;
            to->Gs = s->Gs.Selector;
            to->Mxcsr = s->Mxcsr;
            to->Fcw = s->Fcw;
            to->Fsw = s->Fsw;
            to->Ftw = s->Ftw;
            to->Fop = s->Fop;
            to->Fip = s->Fip;
            to->Fdp = s->Fdp;
            for (int i = 0; i < MachineState.StCount; i++)
            {
                int physical = (to->Top + i) & 7;
                to->St[2 * i] = s->X87[2 * physical];
                to->St[2 * i + 1] = s->X87[2 * physical + 1];
            }

            new ReadOnlySpan<ulong>(s->Vector, 64).CopyTo(new Span<ulong>(to->Vector, 64));
        }

        SavePage(outcome, 0);
        SavePage(outcome, Layout.Page);
        SavePage(outcome, (int)Layout.ReadOnlyOffset);
    }

    private void SavePage(Outcome outcome, int offset)
    {
        _page.MemoryAddress = Layout.Data + (ulong)offset;
        _machine.Window(_page).CopyTo(outcome.Memory.AsSpan(offset));
    }

    /// <summary>The gates that Linux lets user code call with INT n.</summary>
    private static bool GateAllows(byte vector) => vector is Vector.Breakpoint or Vector.Overflow or 0x80;
}
