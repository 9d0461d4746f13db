using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>struct completion: each complete() lets one waiter go, complete_all() lets all go for ever (kernel/sched/completion.c).</summary>
internal sealed class Completion(KernelModel kernel, string name)
{
    private const uint All = uint.MaxValue / 2;
    private readonly SharedCell<uint> _done = kernel.World.Cell(name, 0u);

    /// <summary>wait_for_completion(): sleeps.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Wait(KernelContext c)
    {
        c.MightSleep("wait_for_completion");
        while (!await TryWait(c))
        {
            await c.SleepUntil(_done, static done => done != 0, "wait_for_completion");
        }
    }

    /// <summary>try_wait_for_completion(): never sleeps; false if there is nothing to take.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> TryWait(KernelContext c) => await _done.Update(c, default(TakeOne)) != 0;

    /// <summary>complete(): from any context but an NMI.</summary>
    public Step<CellUpdate<uint, Add<uint>>, uint> Complete(KernelContext c) => _done.FetchAdd(CheckContext(c), 1u);

    /// <summary>complete_all().</summary>
    public Step<CellUpdate<uint, Exchange<uint>>, uint> CompleteAll(KernelContext c) => _done.Exchange(CheckContext(c), All);

    /// <summary>reinit_completion(): only while nobody waits.</summary>
    public Step<CellWrite<uint>, Nothing> Reinitialize(KernelContext c) => _done.Write(c, 0);

    private KernelContext CheckContext(KernelContext c)
    {
        if (c.Control.InNmi)
        {
            c.Warn("completion in NMI", $"{c.Name} completes {_done.Name} in an NMI, which may have interrupted the holder of its lock");
        }

        return c;
    }

    /// <summary>Takes one if there is one; complete_all()'s are never used up.</summary>
    private readonly struct TakeOne : ICellUpdate<uint>
    {
        public uint Apply(uint old) => old is 0 or >= All ? old : old - 1;
    }
}
