using KgdbSim.Target.Cpu;

namespace KgdbSim.Target.Traps;

/// <summary>
/// What can be due at an instruction boundary before the next instruction begins, highest priority first.
/// </summary>
internal enum BoundaryEvent
{
    None,
    Init,
    StartUp,
    DebugTrap,
    Nmi,
    ExternalInterrupt,
}

/// <summary>Why an event that is due may have to wait.</summary>
[Flags]
internal enum Inhibition : byte
{
    None = 0,

    /// <summary>STI enabled interrupts just before this instruction.</summary>
    StiShadow = 1,

    /// <summary>MOV SS or POP SS was the instruction before.</summary>
    MovSsShadow = 2,

    /// <summary>RFLAGS.IF is 0.</summary>
    InterruptsOff = 4,

    /// <summary>An NMI's handler has not come to its IRET.</summary>
    NmiBlocked = 8,

    /// <summary>A debugger steps and wants no interrupts on the way.</summary>
    Debugger = 16,
}

/// <summary>
/// Which of several simultaneous events comes first, and what holds each off, as a table (SDM vol. 3, table 6-2 and
/// 6.8.3). Lower than all rows come an execution breakpoint at the next instruction, then the faults of fetching, of
/// decoding and of executing it.
/// </summary>
internal static class EventPriority
{
    private const byte Running = 1 << (int)ActivityState.Running;
    private const byte Halted = 1 << (int)ActivityState.Halted;
    private const byte WaitForSipi = 1 << (int)ActivityState.WaitForSipi;
    private const byte Shutdown = 1 << (int)ActivityState.Shutdown;

    private static readonly Row[] Rows =
    [
        new(BoundaryEvent.Init, Inhibition.None, Running | Halted | WaitForSipi | Shutdown),
        new(BoundaryEvent.StartUp, Inhibition.None, WaitForSipi),
        new(BoundaryEvent.DebugTrap, Inhibition.MovSsShadow, Running | Halted),
        new(BoundaryEvent.Nmi,
            Inhibition.MovSsShadow | Inhibition.NmiBlocked | Inhibition.Debugger,
            Running | Halted | Shutdown),
        new(BoundaryEvent.ExternalInterrupt,
            Inhibition.StiShadow | Inhibition.MovSsShadow | Inhibition.InterruptsOff | Inhibition.Debugger,
            Running | Halted),
    ];

    /// <summary>The event to take next.</summary>
    /// <param name="pending">Bit n: event n is pending.</param>
    public static BoundaryEvent Highest(uint pending, Inhibition inhibition, ActivityState activity)
    {
        if (pending == 0)
        {
            return BoundaryEvent.None;
        }

        foreach (Row row in Rows)
        {
            bool due = (pending & (1u << (int)row.Event)) != 0;
            if (due && (row.HeldOffBy & inhibition) == 0 && (row.During & (1 << (int)activity)) != 0)
            {
                return row.Event;
            }
        }

        return BoundaryEvent.None;
    }

    private readonly record struct Row(BoundaryEvent Event, Inhibition HeldOffBy, byte During);
}
