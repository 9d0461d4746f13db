namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// What decides who may run on a CPU, in one word so that one write changes it: whose turn it is, RFLAGS.IF, what blocks NMIs,
/// and the fields of the kernel's preempt count (include/linux/preempt.h).
/// </summary>
/// <param name="Bits">The packed form.</param>
internal readonly record struct CpuControl(ulong Bits)
{
    private const int PreemptShift = 32;
    private const int SoftirqShift = 40;
    private const int HardirqShift = 20;
    private const int TrapShift = 24;
    private const ulong OwnerMask = 0x3FF;
    private const ulong IrqBit = 1UL << 16;
    private const ulong NmiBit = 1UL << 17;
    private const ulong MachineCheckBit = 1UL << 18;
    private const ulong ServingSoftirqBit = 1UL << 19;
    private const ulong QuiescentBit = 1UL << 48;
    private const int CurrentShift = 50;
    private const ulong CurrentMask = 0x3FFUL << CurrentShift;
    private const int NmiShift = 60;
    private const ulong OfflineBit = 1UL << 49;

    /// <summary>Nobody runs, interrupts are on.</summary>
    public static CpuControl Idle { get; } = new(IrqBit);

    /// <summary>Number of the process whose steps the CPU takes; 0: it is idle.</summary>
    public int Owner => (int)(Bits & OwnerMask);

    /// <summary>Number of the process that is <c>current</c>: the task that has the CPU or was interrupted; 0: the idle task.</summary>
    public int Current => Field(CurrentShift, 0x3FF);

    /// <summary>RFLAGS.IF.</summary>
    public bool IrqsEnabled => (Bits & IrqBit) != 0;

    /// <summary>No NMI is delivered before the next IRET.</summary>
    public bool NmiBlocked => (Bits & NmiBit) != 0;

    /// <summary>A machine check is being handled.</summary>
    public bool InMachineCheck => (Bits & MachineCheckBit) != 0;

    /// <summary>Softirq handlers are running.</summary>
    public bool ServingSoftirq => (Bits & ServingSoftirqBit) != 0;

    /// <summary>How many hardirq contexts are stacked.</summary>
    public int HardirqDepth => Field(HardirqShift, 0xF);

    /// <summary>How many #BP and #DB handlers are stacked.</summary>
    public int TrapDepth => Field(TrapShift, 0xFF);

    /// <summary>preempt_disable()s not yet undone, spinlocks included.</summary>
    public int PreemptCount => Field(PreemptShift, 0xFF);

    /// <summary>local_bh_disable()s not yet undone.</summary>
    public int SoftirqDisableCount => Field(SoftirqShift, 0xFF);

    /// <summary>A voluntary quiescent state is being passed (cond_resched).</summary>
    public bool PassesQuiescentState => (Bits & QuiescentBit) != 0;

    /// <summary>The CPU is unplugged: it takes no steps and no interrupts.</summary>
    public bool IsOffline => (Bits & OfflineBit) != 0;

    /// <summary>in_interrupt(): hardirq, softirq, or NMI-like.</summary>
    public bool InInterrupt => HardirqDepth != 0 || ServingSoftirq || InNmi;

    /// <summary>in_nmi(): an NMI or machine check is being handled, whether or not NMIs were reopened.</summary>
    public bool InNmi => NmiDepth != 0 || InMachineCheck;

    /// <summary>How many NMI contexts are stacked.</summary>
    public int NmiDepth => Field(NmiShift, 0xF);

    /// <summary>in_atomic(): somebody who sleeps here is wrong.</summary>
    public bool IsAtomic => !IrqsEnabled || PreemptCount != 0 || SoftirqDisableCount != 0 || InInterrupt || TrapDepth != 0;

    /// <summary>Whether a softirq may begin on return from an interrupt: SOFTIRQ_MASK is clear.</summary>
    public bool SoftirqsEnabled => !ServingSoftirq && SoftirqDisableCount == 0;

    /// <summary>Whether nothing forbids that another task gets the CPU.</summary>
    public bool IsPreemptible => !IsAtomic;

    public CpuControl WithOwner(int process) => new((Bits & ~OwnerMask) | (uint)process);

    public CpuControl WithCurrent(int process) => new((Bits & ~CurrentMask) | ((ulong)(uint)process << CurrentShift));

    public CpuControl WithIrqs(bool enabled) => With(IrqBit, enabled);

    public CpuControl WithNmiBlocked(bool blocked) => With(NmiBit, blocked);

    public CpuControl WithMachineCheck(bool active) => With(MachineCheckBit, active);

    public CpuControl WithServingSoftirq(bool serving) => With(ServingSoftirqBit, serving);

    public CpuControl WithQuiescent(bool passing) => With(QuiescentBit, passing);

    public CpuControl WithOffline(bool offline) => With(OfflineBit, offline);

    public CpuControl AddHardirq(int delta) => Add(HardirqShift, delta);

    public CpuControl AddTrap(int delta) => Add(TrapShift, delta);

    public CpuControl AddPreempt(int delta) => Add(PreemptShift, delta);

    public CpuControl AddSoftirqDisable(int delta) => Add(SoftirqShift, delta);

    public CpuControl AddNmi(int delta) => Add(NmiShift, delta);

    private int Field(int shift, uint mask) => (int)((uint)(Bits >> shift) & mask);

    private CpuControl With(ulong bit, bool set) => new(set ? Bits | bit : Bits & ~bit);

    private CpuControl Add(int shift, int delta) => new(Bits + ((ulong)(long)delta << shift));
}
