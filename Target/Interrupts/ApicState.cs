using System.Runtime.InteropServices;

namespace KgdbSim.Target.Interrupts;

/// <summary>Entries of the local vector table, in the order of their register offsets.</summary>
internal enum LocalVector
{
    Timer,
    Thermal,
    PerformanceCounter,
    Lint0,
    Lint1,
    Error,
    Count,
}

/// <summary>All state of one local APIC: copyable by assignment, which is what a snapshot does.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ApicState
{
    /// <summary>Vectors requested, in service, and level-triggered: one bit each, 256 bits.</summary>
    public fixed ulong Requested[4];

    /// <inheritdoc cref="Requested"/>
    public fixed ulong InService[4];

    /// <inheritdoc cref="Requested"/>
    public fixed ulong LevelTriggered[4];

    /// <summary>The local vector table, indexed by <see cref="LocalVector"/>.</summary>
    public fixed uint LocalVectors[6];

    /// <summary>xAPIC ID; the x2APIC ID is the processor's number.</summary>
    public byte Id;

    public byte TaskPriority;
    public uint LogicalDestination;
    public uint DestinationFormat;
    public uint SpuriousVector;

    /// <summary>Errors since the last write of the error status register, and what that write showed.</summary>
    public uint ErrorsLatched;

    /// <inheritdoc cref="ErrorsLatched"/>
    public uint ErrorStatus;

    /// <summary>ICR as it was last written; in xAPIC mode the destination is in bits 63:56.</summary>
    public ulong InterruptCommand;

    public uint TimerInitial;
    public uint TimerDivide;

    /// <summary>Step at which the timer started to count, or was reloaded.</summary>
    public ulong TimerStart;

    /// <summary>Step at which the timer expires; meaningless unless <see cref="TimerArmed"/>.</summary>
    public ulong TimerDeadline;

    public bool TimerArmed;

    /// <summary>An NMI waits; there is never more than one.</summary>
    public bool NmiPending;

    public bool InitPending;
    public bool StartUpPending;
    public byte StartUpVector;
}
