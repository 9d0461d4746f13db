using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Who hands out the debug registers of a hosted kernel: all in which the kernels behind one kgdb, one monitor and one API differ there.
/// </summary>
internal interface IRegisterLayer
{
    /// <summary>perf's breakpoints; null in a kernel without.</summary>
    PerfBreakpoints? Perf => null;

    /// <summary>The interface of June 2009; null in a kernel without.</summary>
    HwBreakpointInterface? Interface => null;

    /// <summary>Its member of the die chain; null: it has none.</summary>
    NotifierBlock<DieArgs>? Notifier { get; }

    /// <summary>kgdb's hardware breakpoints, which get their registers here.</summary>
    BreakInfo BreakInfo { get; }

    /// <summary>The registers as a tracer of a task sees them.</summary>
    ITracedRegisters Traced { get; }

    /// <summary>Whom the kernel has given a register of a CPU, as it is now; null: nobody.</summary>
    RegisterHolder? Holder(HostedCpu cpu, int register);

    /// <summary>Whether there is one: to be asked at every debug exception.</summary>
    bool HasHolder(HostedCpu cpu, int register) => Holder(cpu, register) is not null;

    /// <summary>Who was promised one of a CPU's registers, oldest or highest first.</summary>
    IEnumerable<SlotHolder> Holders(int cpu);

    /// <summary>Why there is no room for the kernel, or kgdb, though no CPU's registers are all in use; null: that isn't so.</summary>
    string? WhyNoRoom() => null;

    /// <summary>The kernel's own copy of a CPU's registers.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="addresses">Receives DR0 to DR3.</param>
    /// <returns>DR7.</returns>
    ulong Copy(int cpu, Span<ulong> addresses);

    /// <summary>What a CPU that is in the debugger, or about to come back to the others, will have in its registers then.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="isReturning">It was away, and its start routine has not run yet.</param>
    /// <param name="addresses">Receives DR0 to DR3.</param>
    /// <returns>DR7.</returns>
    ulong AtResume(int cpu, bool isReturning, Span<ulong> addresses);

    /// <summary>A CPU goes: what kgdb was promised there is given back.</summary>
    ValueTask<Errno> GoAway(KernelContext c) => ValueTask.FromResult(Errno.None);

    /// <summary>It is to come back: kgdb is promised its part again.</summary>
    /// <returns>An error if there is no room; nothing has changed then.</returns>
    ValueTask<Errno> Return(KernelContext c) => ValueTask.FromResult(Errno.None);

    /// <summary>Its start routine.</summary>
    ValueTask StartAgain(KernelContext c) => BreakInfo.StartCpu(c);

    /// <summary>What the kernel's trap path has to know of it.</summary>
    TrapOptions Adapt(TrapOptions options) => options;
}

/// <summary>A tracer's view of its task's debug registers.</summary>
internal interface ITracedRegisters
{
    /// <summary>Whether the task has a breakpoint in that register.</summary>
    bool Has(KernelTask task, int register);

    /// <summary>DR7 as the tracer reads it back; looking takes no step.</summary>
    ulong Dr7(KernelTask task);

    /// <summary>PTRACE_POKEUSER; of DR7, all of it or nothing.</summary>
    ValueTask<Errno> Write(KernelContext c, KernelTask task, int number, ulong value);

    /// <summary>The tracer has no further use for a register that it has turned off.</summary>
    ValueTask Forget(KernelContext c, KernelTask task, int register);

    /// <summary>
    /// After a trap: the tracer of the CPU's task learns of hits of its breakpoints, clears DR6, and lets the task go on, past an execution
    /// breakpoint if it was one.
    /// </summary>
    ValueTask Collect(KernelContext c, KernelRegisters registers);
}
