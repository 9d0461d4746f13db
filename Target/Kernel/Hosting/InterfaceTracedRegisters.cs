using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>A tracer's registers where each is a thread's breakpoint of the interface of June 2009.</summary>
internal sealed class InterfaceTracedRegisters(KernelModel kernel, HwBreakpointInterface breakpoints, InfoValidator validator) : ITracedRegisters
{
    private readonly PtraceRegisters _ptrace = new(kernel, breakpoints.Tables, breakpoints.Threads, validator);
    private readonly long[][] _counts = TracedHits.None(kernel);

    /// <summary>The debug fields of whoever is on a CPU.</summary>
    public ThreadBreakpoints Thread(int cpu) => breakpoints.Tables.Current(kernel.Cpus[cpu]);

    /// <summary>Hits that the tracer of a CPU's task has learned of.</summary>
    public long HitCount(int cpu, int register) => _counts[cpu][register];

    public bool Has(KernelTask task, int register) => breakpoints.Tables.Thread(task).Breakpoints[register].Value is not null;

    public ulong Dr7(KernelTask task) => breakpoints.Tables.Thread(task).PtraceDr7.Value;

    public ValueTask<Errno> Write(KernelContext c, KernelTask task, int number, ulong value) =>
        _ptrace.Write(c, breakpoints.Tables.Thread(task), number, value);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Forget(KernelContext c, KernelTask task, int register)
    {
        _counts[c.Home.Number][register] = 0;
        if (!Has(task, register))
        {
            await Write(c, task, register, 0);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Collect(KernelContext c, KernelRegisters registers)
    {
        ThreadBreakpoints thread = breakpoints.Tables.Current(c.Home);
        ulong dr6 = await thread.DebugReg6.Read(c);
        ulong hits = 0;
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            hits |= thread.Breakpoints[n].Value is null ? 0 : dr6 & (1UL << n);
        }

        if (hits != 0)
        {
            await thread.DebugReg6.Write(c, dr6 & ~hits);
            TracedHits.Count(_counts[c.Home.Number], hits, thread.DebugReg7.Value, registers);
        }

        c.Current?.Debug.TakeSignals();
    }
}
