using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>A breakpoint event (struct perf_event of type PERF_TYPE_BREAKPOINT): what was asked for, and what goes into registers.</summary>
internal sealed class PerfBreakpoint : KernelObject
{
    /// <summary><see cref="OnCpu"/> of an event in no register.</summary>
    public const int Nowhere = -1;

    /// <param name="kernel">Where it is allocated.</param>
    /// <param name="name">What reports and `monitor slots` call it: its owner.</param>
    /// <param name="attributes">What is asked for.</param>
    /// <param name="cpu">The CPU it is bound to, or null (-1): wherever its task runs.</param>
    /// <param name="task">The task it watches, or null: whoever runs on the CPU.</param>
    public PerfBreakpoint(KernelModel kernel, string name, BreakpointAttributes attributes, int? cpu, KernelTask? task) : base(kernel, name)
    {
        Cpu = cpu;
        Task = task;
        Attributes = new KernelField<BreakpointAttributes>(this, kernel, "attr", attributes);
        Arch = new KernelField<ArchBreakpoint>(this, kernel, "hw.info", default);
        State = new KernelField<PerfEventState>(this, kernel, "state", PerfEventState.Off);
        OnCpu = new KernelField<int>(this, kernel, "oncpu", Nowhere);
        Count = kernel.World.Cell($"{name}.count", 0L);
    }

    /// <summary>event->cpu.</summary>
    public int? Cpu { get; }

    /// <summary>event->hw.target.</summary>
    public KernelTask? Task { get; }

    /// <summary>event->attr.</summary>
    public KernelField<BreakpointAttributes> Attributes { get; }

    /// <summary>event->hw.info.</summary>
    public KernelField<ArchBreakpoint> Arch { get; }

    /// <summary>event->state.</summary>
    public KernelField<PerfEventState> State { get; }

    /// <summary>event->oncpu: the CPU in whose register perf has put it.</summary>
    public KernelField<int> OnCpu { get; }

    /// <summary>How many hits were counted.</summary>
    public SharedCell<long> Count { get; }

    /// <summary>event->overflow_handler: called in the #DB handler, its answer counts for nothing.</summary>
    public Func<KernelContext, PerfBreakpoint, DieArgs, ValueTask>? OverflowHandler { get; set; }

    /// <summary>An overflow handler that only writes down the hit; it comes before <see cref="OverflowHandler"/>, if there are both.</summary>
    public ISampler? Sampler { get; set; }

    /// <summary>event->destroy is set: unregistering gives the slot back. Only whoever registers it looks at this.</summary>
    public bool OwnsSlot { get; set; }

    /// <summary>bp_addr as it is now; looking takes no step.</summary>
    public ulong Address => Attributes.Value.Address;

    /// <summary>bp_len as it is now, in bytes.</summary>
    public ulong Length => Attributes.Value.Length;

    /// <summary>bp_type as it is now.</summary>
    public BreakpointType Type => Attributes.Value.Type;

    public bool IsDisabled => Attributes.Value.IsDisabled;

    public bool IsPinned => Attributes.Value.IsPinned;

    /// <summary>The address for DRn as it is now.</summary>
    public ulong ArchAddress => Arch.Value.Address;
}
