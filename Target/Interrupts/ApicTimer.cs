using KgdbSim.Target.Cpu;

namespace KgdbSim.Target.Interrupts;

/// <summary>
/// The local APIC's timer in virtual time: one-shot, periodic, and by a deadline of the time-stamp counter (SDM vol. 3,
/// 11.5.4). Its clock ticks once a step, before the divider.
/// </summary>
internal sealed unsafe class ApicTimer(LocalApic apic, CpuCore core)
{
    private const uint ModeMask = 3 << 17;
    private const uint Periodic = 1 << 17;
    private const uint ByDeadline = 2 << 17;

    /// <summary>The machine's step at which the timer will want attention, or null.</summary>
    public ulong? NextStep => apic.State->TimerArmed ? apic.State->TimerDeadline : null;

    /// <summary>IA32_TSC_DEADLINE: 0 when disarmed or in another mode.</summary>
    public ulong TscDeadline => Mode == ByDeadline ? core.State->TscDeadline : 0;

    /// <summary>The current-count register.</summary>
    public uint Current
    {
        get
        {
            ApicState* s = apic.State;
            if (!s->TimerArmed || Mode == ByDeadline || core.Now >= s->TimerDeadline)
            {
                return 0;
            }

            ulong divider = Divider(s->TimerDivide);
            return (uint)((s->TimerDeadline - core.Now + divider - 1) / divider);
        }
    }

    private uint Mode => apic.State->LocalVectors[(int)LocalVector.Timer] & ModeMask;

    /// <summary>Raises the interrupt if its step has come; a periodic timer is then armed anew.</summary>
    public void Advance(ulong now)
    {
        ApicState* s = apic.State;
        if (!s->TimerArmed || now < s->TimerDeadline)
        {
            return;
        }

        if (Mode == Periodic)
        {
            // Periods that passed unseen, while a debugger held the processor, are one interrupt, as their vector is
            // one bit.
            ulong period = s->TimerInitial * Divider(s->TimerDivide);
            s->TimerDeadline += (((now - s->TimerDeadline) / period) + 1) * period;
        }
        else
        {
            s->TimerArmed = false;
            core.State->TscDeadline = 0;
        }

        apic.RaiseLocal(LocalVector.Timer);
    }

    /// <summary>Starts counting down from a value; 0 stops.</summary>
    public void SetInitial(uint value)
    {
        if (Mode == ByDeadline)
        {
            return;
        }

        apic.State->TimerInitial = value;
        Start(value);
    }

    /// <summary>Changes the divider; a running count goes on from where it is.</summary>
    public void SetDivide(uint value)
    {
        uint current = Current;
        apic.State->TimerDivide = value;
        if (apic.State->TimerArmed && Mode != ByDeadline)
        {
            Start(current);
        }
    }

    /// <summary>Arms the deadline mode; 0 disarms. Without effect in the other modes.</summary>
    public void SetTscDeadline(ulong value)
    {
        if (Mode != ByDeadline)
        {
            return;
        }

        ApicState* s = apic.State;
        core.State->TscDeadline = value;
        s->TimerArmed = value != 0;

        // A deadline that has passed expires at once.
        ulong now = core.Now;
        ulong counter = now + core.State->TscOffset;
        s->TimerDeadline = value > counter ? now + (value - counter) : now;
        core.Attention = true;
    }

    /// <summary>The time-stamp counter was set: a deadline of it is another step now.</summary>
    public void CounterChanged()
    {
        if (Mode == ByDeadline && apic.State->TimerArmed)
        {
            SetTscDeadline(core.State->TscDeadline);
        }
    }

    /// <summary>The timer's table entry was written: going to or from deadline mode disarms it.</summary>
    public void ModeChanged(uint before, uint after)
    {
        if (((before ^ after) & ByDeadline) != 0)
        {
            apic.State->TimerArmed = false;
            core.State->TscDeadline = 0;
        }
    }

    private void Start(uint count)
    {
        ApicState* s = apic.State;
        s->TimerArmed = count != 0;
        s->TimerStart = core.Now;
        s->TimerDeadline = s->TimerStart + (count * Divider(s->TimerDivide));
        core.Attention = true;
    }

    // Bits 3, 1, 0: 2, 4, ... 128, 1 (SDM vol. 3, figure 11-10).
    private static ulong Divider(uint register)
    {
        uint code = (register & 3) | ((register >> 1) & 4);
        return code == 7 ? 1UL : 2UL << (int)code;
    }
}
