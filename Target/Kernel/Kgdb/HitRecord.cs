using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// Which of the debugger's breakpoints have hit and wait for its notifier; for the face without defects. The handler before it on
/// the chain passes the exception on because of marks in current's virtual DR6, and those go with the record.
/// </summary>
internal sealed class HitRecord : IHitSource
{
    private readonly PerfBreakpoints _perf;
    private readonly SharedCell<uint>[] _hits;
    private readonly SharedCell<ulong>[] _marks;

    public HitRecord(KernelModel kernel, PerfBreakpoints perf)
    {
        _perf = perf;
        _hits = new SharedCell<uint>[kernel.Cpus.Count];
        _marks = new SharedCell<ulong>[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _hits.Length; cpu++)
        {
            _hits[cpu] = kernel.World.Cell($"C{cpu}.kgdb hits", 0U);
            _marks[cpu] = kernel.World.Cell($"C{cpu}.kgdb marks", 0UL);
        }
    }

    /// <summary>Entry <paramref name="i"/> has hit on this CPU.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Add(KernelContext c, int i)
    {
        int cpu = c.Home.Number;
        SharedCell<ulong> virtualDr6 = _perf.VirtualDr6(c.Home);
        ulong bit = 1UL << i;
        ulong old = await virtualDr6.FetchOr(c, bit);
        await _hits[cpu].FetchOr(c, (uint)bit);

        // A mark of the task's tracer stays the tracer's.
        await _marks[cpu].FetchOr(c, bit & ~old);
    }

    /// <summary>What has hit here since the last time.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<uint?> Take(KernelContext c, DieArgs args)
    {
        int cpu = c.Home.Number;
        uint hits = await _hits[cpu].Exchange(c, 0U);
        ulong marks = await _marks[cpu].Exchange(c, 0UL);
        if (marks != 0)
        {
            await _perf.VirtualDr6(c.Home).FetchAnd(c, ~marks);
        }

        return hits;
    }
}
