using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Traps;

/// <summary>
/// Delivers the event in <see cref="CpuCore.Pending"/> through the interrupt table of the present mode, with what comes
/// of a fault on the way: a second exception, a double fault, shutdown (SDM vol. 3, chapter 6).
/// </summary>
internal static unsafe class TrapDispatcher
{
    /// <summary>False: the processor has shut down (triple fault). RIP must be what the event is to push.</summary>
    public static bool Deliver(CpuCore cpu)
    {
        PendingEvent current = cpu.Pending;
        while (!Attempt(cpu, current))
        {
            cpu.Debug.Discard();
            PendingEvent second = cpu.Pending;
            if (current.Source is EventSource.Software or EventSource.PrivilegedSoftware)
            {
                // The instruction that asked for it faults: it has not happened.
                cpu.State->Rip = current.InstructionRip;
                current = second;
                continue;
            }

            if (!TrapClasses.Combines(TrapClasses.Of(current), TrapClasses.Of(second)))
            {
                current = second;
                continue;
            }

            if (TrapClasses.Of(current) == TrapClass.DoubleFault)
            {
                cpu.State->Activity = ActivityState.Shutdown;
                return false;
            }

            cpu.Fault(Vector.DoubleFault, 0);
            current = cpu.Pending;
        }

        Finish(cpu, current);
        if (current.Vector == Vector.Debug && current.Source != EventSource.Software)
        {
            cpu.GuestDebugRegisters?.Delivered();
        }

        return true;
    }

    /// <summary>
    /// What a delivery does to the processor besides entering the guest's handler: the event goes to somebody else, who finds
    /// in RFLAGS what would have been pushed.
    /// </summary>
    public static void TakenOver(CpuCore cpu, in PendingEvent taken)
    {
        ulong pushed = TrapFrame.PushedFlags(cpu, taken);
        cpu.SetSystemFlags((cpu.State->SystemFlags & ~Flags.Rf) | (pushed & Flags.Rf));
        Finish(cpu, taken);
        cpu.State->NmiBlocked = 0;
    }

    private static bool Attempt(CpuCore cpu, in PendingEvent current)
    {
        CpuState* s = cpu.State;
        if (!s->ProtectedMode)
        {
            return RealModeDelivery.Deliver(cpu, current);
        }

        return (s->Efer & ControlBits.EferLma) != 0
            ? LongModeDelivery.Deliver(cpu, current)
            : ProtectedModeDelivery.Deliver(cpu, current);
    }

    private static void Finish(CpuCore cpu, in PendingEvent delivered)
    {
        CpuState* s = cpu.State;
        s->Activity = ActivityState.Running;
        s->Monitor = MonitorState.Off;
        s->StiShadow = s->MovSsShadow = s->Repeating = 0;
        if (delivered.Source == EventSource.Nmi)
        {
            s->NmiBlocked = 1;
        }

        if (delivered.Vector == Vector.Debug && delivered.Source != EventSource.Software)
        {
            s->Dr7 &= ~Dr7Bits.Gd;
            s->DebugCtl &= ~DebugCtlBits.Btf;

            // Causes that MOV SS held off are lost in a #DB of another cause, as measured.
            s->PendingDebug = 0;
        }

        // The pushes may have hit a watch: that is a trap at the handler's first instruction.
        s->PendingDebug |= cpu.Debug.TakeHits();
        cpu.Attention = true;
    }
}
