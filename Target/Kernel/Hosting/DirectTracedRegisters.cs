using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Direct;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>A tracer's registers where they are the task's own, loaded whenever the task goes on.</summary>
internal sealed class DirectTracedRegisters(KernelModel kernel, ThreadDebugRegisters threads) : ITracedRegisters
{
    private readonly long[][] _counts = TracedHits.None(kernel);

    /// <summary>Hits that the tracer of a CPU's task has learned of.</summary>
    public long HitCount(int cpu, int register) => _counts[cpu][register];

    public bool Has(KernelTask task, int register) => ThreadDebugRegisters.Has(task, register);

    public ulong Dr7(KernelTask task) => task.Debug.VirtualDr7.Value;

    /// <summary>A write of DR7 is what a tracer ends with: the task goes on, and has its registers loaded.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Write(KernelContext c, KernelTask task, int number, ulong value)
    {
        Errno result = await threads.Write(c, task, number, value);
        if (result == Errno.None && number == 7)
        {
            await threads.Load(c, task);
        }

        return result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Forget(KernelContext c, KernelTask task, int register)
    {
        _counts[c.Home.Number][register] = 0;
        await threads.Write(c, task, register, 0);
    }

    /// <summary>do_debug() has sent the signal and turned DR7 off; the tracer clears DR6 and lets its task go on.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Collect(KernelContext c, KernelRegisters registers)
    {
        if (c.Current is not { } task || !task.Debug.TakeSignals())
        {
            return;
        }

        ulong hits = await task.Debug.VirtualDr6.Read(c) & Dr7Encoding.Armed(task.Debug.VirtualDr7.Value);
        TracedHits.Count(_counts[c.Home.Number], hits, task.Debug.VirtualDr7.Value, registers);
        await threads.Write(c, task, 6, 0);
        await threads.Load(c, task);
    }
}
