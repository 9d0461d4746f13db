using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>A tracer's registers where each is an event of perf's.</summary>
internal sealed class PerfTracedRegisters(PerfBreakpoints perf) : ITracedRegisters
{
    public bool Has(KernelTask task, int register) => perf.Tasks.Of(task).Ptrace[register].Value is not null;

    public ulong Dr7(KernelTask task) => perf.Tasks.Of(task).PtraceDr7.Value;

    public ValueTask<Errno> Write(KernelContext c, KernelTask task, int number, ulong value) => perf.Ptrace.Write(c, task, number, value);

    /// <summary>Its slot goes back.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Forget(KernelContext c, KernelTask task, int register)
    {
        SharedCell<PerfBreakpoint?> slot = perf.Tasks.Of(task).Ptrace[register];
        if (slot.Value is { } bp)
        {
            await perf.Unregister(c, bp);
            await slot.Write(c, null);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Collect(KernelContext c, KernelRegisters registers)
    {
        SharedCell<ulong> dr6 = perf.VirtualDr6(c.Home);
        ulong found = await dr6.Read(c);
        ulong hits = 0;
        for (int n = 0; n < Dr7Encoding.RegisterCount && c.Current is { } task; n++)
        {
            hits |= Has(task, n) ? found & (1UL << n) : 0;
        }

        if (hits != 0)
        {
            await dr6.Write(c, found & ~hits);
        }
    }
}
