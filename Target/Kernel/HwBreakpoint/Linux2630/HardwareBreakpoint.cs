using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>struct hw_breakpoint: what is watched, and who is called.</summary>
internal sealed class HardwareBreakpoint : KernelObject
{
    public HardwareBreakpoint(KernelModel kernel, string name, BreakpointInfo info) : base(kernel, name)
    {
        Info = new KernelField<BreakpointInfo>(this, kernel, "info", info);
    }

    /// <summary>bp->info.</summary>
    public KernelField<BreakpointInfo> Info { get; }

    /// <summary>How often it was hit on each CPU, where its owner counts that.</summary>
    public long[]? HitCounts { get; init; }

    /// <summary>bp->triggered: called in the #DB handler; without one it is refused.</summary>
    public Func<KernelContext, HardwareBreakpoint, DieArgs, ValueTask>? Triggered { get; set; }
}
