using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Kernel.Tests.HwBreakpoint;

/// <summary>What do_debug() hands to the die chain for a DR6.</summary>
internal readonly struct DieArgsOf(ulong dr6)
{
    public DieArgs Args { get; } = new() { Registers = new KernelRegisters(), Dr6 = dr6, HasDr6 = true, Signal = 5 };
}
