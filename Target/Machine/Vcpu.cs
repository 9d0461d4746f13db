using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Traps;

namespace KgdbSim.Target.Machine;

/// <summary>
/// One processor with its local APIC: runs instructions, and between them delivers what is due in the order of
/// <see cref="EventPriority"/>.
/// </summary>
/// <remarks>
/// A step is an instruction completed, an iteration of a string instruction that is not, or the delivery of an event
/// other than a software interrupt, which belongs to its instruction. So time passes whatever a guest does.
/// </remarks>
internal sealed unsafe class Vcpu : IDisposable
{
    private long _limit;
    private RunOptions _options;

    public Vcpu(CpuCore core, LocalApic apic)
    {
        Core = core;
        Apic = apic;
    }

    public CpuCore Core { get; }

    public LocalApic Apic { get; }

    /// <summary>Who takes traps before the guest's interrupt table is looked at; null: nobody.</summary>
    public ITrapOwner? TrapOwner { get; set; }

    /// <summary>Steps that this processor has used since the machine was built.</summary>
    public ulong StepCount { get; set; }

    /// <summary>Ends a run at the next boundary; who set it clears it.</summary>
    public bool StopRequested
    {
        get;
        set
        {
            field = value;
            Core.Attention |= value;
        }
    }

    /// <summary>
    /// The machine's step count. The machine sets it before a turn; a turn moves it on by the steps used.
    /// </summary>
    public ulong Now
    {
        get => Core.Now;
        set
        {
            Core.TurnStartStep = value;
            Core.TurnLength = Core.Left = 0;
        }
    }

    /// <summary>
    /// A turn would not come back at once with <see cref="VcpuStop.Halted"/> or <see cref="VcpuStop.Shutdown"/>.
    /// </summary>
    public bool Runnable =>
        Core.State->Activity == ActivityState.Running || NextEvent() != BoundaryEvent.None || MonitorFired();

    /// <summary>Runs up to <paramref name="steps"/> steps from <see cref="Now"/>.</summary>
    public VcpuStop Run(long steps, RunOptions options = RunOptions.None)
    {
        Now = Core.Now;
        _limit = steps;
        _options = options;
        Core.StepRequested = (options & RunOptions.SingleIteration) != 0;
        Core.Debug.DebuggerHit = default;
        VcpuStop stop = Loop();
        Core.StepRequested = false;
        return stop;
    }

    /// <summary>Runs one step for a debugger: one instruction, one iteration, or one delivery.</summary>
    public VcpuStop Step(RunOptions options = RunOptions.None) => Run(1, options | RunOptions.SingleIteration);

    public void Dispose()
    {
        Apic.Dispose();
        Core.Dispose();
    }

    private VcpuStop Loop()
    {
        bool pass = (_options & RunOptions.PassBreakpoint) != 0;
        while (true)
        {
            Apic.Timer.Advance(Core.Now);
            if (StopRequested)
            {
                return VcpuStop.MachineStop;
            }

            if (Core.Debug.DebuggerHit.Valid)
            {
                return VcpuStop.DebuggerWatch;
            }

            if (!Arm())
            {
                return EndTurn();
            }

            BoundaryEvent due = NextEvent();
            if (due != BoundaryEvent.None)
            {
                if (Take(due) is { } taken)
                {
                    return taken;
                }

                pass = false;
                continue;
            }

            if (Core.State->Activity != ActivityState.Running && !MonitorWakes())
            {
                return Core.State->Activity == ActivityState.Shutdown ? VcpuStop.Shutdown : VcpuStop.Halted;
            }

            VcpuStop? stop = Execute(pass);
            pass = false;
            if (stop.HasValue)
            {
                return stop.Value;
            }
        }
    }

    /// <summary>
    /// Gives the interpreter the steps to the turn's end or the timer's expiry; false: the turn is over.
    /// </summary>
    private bool Arm()
    {
        long used = Core.TurnLength - Core.Left;
        long rest = _limit - used;
        if (rest <= 0)
        {
            Core.TurnLength = used;
            Core.Left = 0;
            return false;
        }

        if (Apic.Timer.NextStep is { } next)
        {
            rest = (long)Math.Min((ulong)rest, next - Core.Now);
        }

        Core.TurnLength = used + rest;
        Core.Left = rest;
        return true;
    }

    /// <summary>
    /// The turn is over. A debug trap that the kernel takes belongs to the instruction before it: no NMI of another processor's turn
    /// may come between the two (SDM vol. 3, 6.9, priorities among concurrent events).
    /// </summary>
    private VcpuStop EndTurn()
    {
        CpuState* s = Core.State;
        if (s->PendingDebug == 0 || TrapOwner is null || NextEvent() != BoundaryEvent.DebugTrap)
        {
            return VcpuStop.TurnOver;
        }

        (ulong causes, ulong dr6) = (s->PendingDebug, s->Dr6);
        s->PendingDebug = 0;
        RaiseDebug(causes);
        if (TrapOwner.Owns(this, Core.Pending))
        {
            return Deliver() ?? VcpuStop.TurnOver;
        }

        // The guest's own: its delivery is a step of the next turn.
        s->PendingDebug = causes;
        s->Dr6 = dr6;
        return VcpuStop.TurnOver;
    }

    /// <summary>Runs instructions until the next boundary that matters; null: look at it and go on.</summary>
    private VcpuStop? Execute(bool pass)
    {
        bool single = pass || Core.StepRequested || Interpreter.NeedsCare(Core.State);
        RunExit exit = single ? RunExit.Breakpoint : Interpreter.Run(Core);
        if (exit == RunExit.Breakpoint)
        {
            if (BreakpointBefore(pass, out VcpuStop? stop))
            {
                return stop;
            }

            if (!single)
            {
                Core.Debug.ForgetSplit(Linear);
            }

            exit = Interpreter.One(Core);
        }

        switch (exit)
        {
            case RunExit.Fault:
                Charge();
                return Deliver();
            case RunExit.SoftwareInterrupt:
                return Deliver();
            case RunExit.Pause:
                return StopRequested || Core.Debug.DebuggerHit.Valid ? null : VcpuStop.Pause;
            default:
                return null;
        }
    }

    /// <summary>
    /// An execution breakpoint stands at CS:RIP and counts: the debugger's ends the run, the guest's is a #DB fault.
    /// True if the instruction is not to be run now.
    /// </summary>
    private bool BreakpointBefore(bool pass, out VcpuStop? stop)
    {
        CpuState* s = Core.State;
        stop = null;
        if (!Core.Debug.AnyExecute || s->Repeating != 0)
        {
            return false;
        }

        ulong linear = Linear;
        if (!pass && Core.Debug.DebuggerBreakpoint(linear))
        {
            stop = VcpuStop.DebuggerBreakpoint;
            return true;
        }

        // Intel does not look for instruction breakpoints behind MOV SS, AMD does (SDM vol. 3, 6.8.3).
        bool suppressed = (s->SystemFlags & Flags.Rf) != 0
            || (s->MovSsShadow != 0 && Core.Model.Vendor == CpuVendor.Intel);
        ulong hits = suppressed ? 0 : Core.Debug.ExecuteHits(linear);
        if (hits == 0)
        {
            return false;
        }

        RaiseDebug(hits);
        Charge();
        stop = Deliver();
        return true;
    }

    /// <summary>CS:RIP.</summary>
    private ulong Linear
    {
        get
        {
            CpuState* s = Core.State;
            return s->Is64Bit ? s->Rip : (uint)(s->Cs.Base + s->Rip);
        }
    }

    private VcpuStop? Take(BoundaryEvent due)
    {
        CpuState* s = Core.State;
        switch (due)
        {
            case BoundaryEvent.Init:
                Apic.State->InitPending = false;
                CpuReset.Init(Core);
                Apic.Init();
                return null;
            case BoundaryEvent.StartUp:
                Apic.State->StartUpPending = false;
                CpuReset.StartUp(Core, Apic.State->StartUpVector);
                TrapOwner?.Started(this);
                return TrapOwner is null ? null : VcpuStop.KernelEntered;
            case BoundaryEvent.DebugTrap:
                ulong causes = s->PendingDebug;
                s->PendingDebug = 0;
                RaiseDebug(causes);
                if (TrapOwner?.Owns(this, Core.Pending) == true)
                {
                    // The instruction that raised it has been counted, and nothing of the guest's is executed or pushed.
                    return Deliver();
                }

                break;
            case BoundaryEvent.Nmi:
                Apic.State->NmiPending = false;
                Core.Pending = new PendingEvent { Source = EventSource.Nmi, Vector = Vector.Nmi };
                break;
            case BoundaryEvent.ExternalInterrupt:
                Core.Pending = new PendingEvent { Source = EventSource.External, Vector = Apic.Acknowledge() };
                break;
        }

        Charge();
        return Deliver();
    }

    // B0-B3 tell of this #DB only, the other bits stay until software clears them (SDM vol. 3, 18.2.3).
    private void RaiseDebug(ulong causes)
    {
        Core.State->Dr6 = (Core.State->Dr6 & ~Dr6Bits.Breakpoints) | causes;
        Core.Fault(Vector.Debug);
    }

    private VcpuStop? Deliver()
    {
        if (TrapOwner is { } owner && owner.Owns(this, Core.Pending))
        {
            PendingEvent trap = Core.Pending;
            TrapDispatcher.TakenOver(Core, trap);
            return owner.Take(this, trap) ? null : VcpuStop.KernelEntered;
        }

        return TrapDispatcher.Deliver(Core) ? null : VcpuStop.Shutdown;
    }

    // A delivery is a step, though no instruction has retired.
    private void Charge()
    {
        Core.Left--;
        Core.Unfinished++;
    }

    private BoundaryEvent NextEvent()
    {
        CpuState* s = Core.State;
        ApicState* apic = Apic.State;
        uint pending = 0;
        pending |= apic->InitPending ? 1u << (int)BoundaryEvent.Init : 0;
        pending |= apic->StartUpPending ? 1u << (int)BoundaryEvent.StartUp : 0;
        pending |= s->PendingDebug != 0 ? 1u << (int)BoundaryEvent.DebugTrap : 0;
        pending |= apic->NmiPending ? 1u << (int)BoundaryEvent.Nmi : 0;
        pending |= Apic.InterruptPending ? 1u << (int)BoundaryEvent.ExternalInterrupt : 0;
        return EventPriority.Highest(pending, Inhibitions(s), s->Activity);
    }

    private Inhibition Inhibitions(CpuState* s) =>
        (s->StiShadow != 0 ? Inhibition.StiShadow : 0)
        | (s->MovSsShadow != 0 ? Inhibition.MovSsShadow : 0)
        | ((s->SystemFlags & Flags.If) == 0 ? Inhibition.InterruptsOff : 0)
        | (s->NmiBlocked != 0 ? Inhibition.NmiBlocked : 0)
        | ((_options & RunOptions.HoldInterrupts) != 0 ? Inhibition.Debugger : 0);

    private bool MonitorFired()
    {
        CpuState* s = Core.State;
        return s->Activity == ActivityState.Halted
            && ((s->Monitor >= MonitorState.Waiting && !MonitoredLine.Unchanged(Core))
                || (s->Monitor == MonitorState.WaitingBreakable && Apic.InterruptPending));
    }

    private bool MonitorWakes()
    {
        if (!MonitorFired())
        {
            return false;
        }

        Core.State->Activity = ActivityState.Running;
        Core.State->Monitor = MonitorState.Off;
        return true;
    }
}
