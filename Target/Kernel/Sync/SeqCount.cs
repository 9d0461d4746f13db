using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>
/// seqcount_t: readers repeat what a writer may have disturbed. Writers must not be preemptible, and be serialised by somebody
/// else: a reader that interrupts a writer on its CPU would spin for ever (Documentation/locking/seqlock.rst).
/// </summary>
internal sealed class SeqCount(KernelModel kernel, string name)
{
    private readonly SharedCell<uint> _sequence = kernel.World.Cell(name, 0u);

    /// <summary>write_seqcount_begin(). Preemptible, or beside another writer, it is misuse.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask BeginWrite(KernelContext c)
    {
        if (c.Control.IsPreemptible)
        {
            c.Warn("preemptible seqcount writer", $"{c.Name} writes under {_sequence.Name} and could be preempted");
        }

        uint sequence = await _sequence.Read(c);
        if ((sequence & 1) != 0)
        {
            c.Warn("two seqcount writers", $"{c.Name} writes under {_sequence.Name} while somebody else does");
        }

        await _sequence.Write(c, sequence + 1);
    }

    /// <summary>write_seqcount_end().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask EndWrite(KernelContext c)
    {
        uint sequence = await _sequence.Read(c);
        if ((sequence & 1) == 0)
        {
            c.Warn("unbalanced seqcount", $"{c.Name} ends a write under {_sequence.Name} that never began");
        }

        await _sequence.Write(c, sequence + 1);
    }

    /// <summary>read_seqcount_begin(): spins while somebody writes; the number is for <see cref="ShouldRetry"/>.</summary>
    public Step<CellWait<uint>, uint> BeginRead(KernelContext c) => _sequence.WaitUntil(c, static sequence => (sequence & 1) == 0);

    /// <summary>read_seqcount_retry(): whether what was read since may be mixed.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> ShouldRetry(KernelContext c, uint begun) => await _sequence.Read(c) != begun;
}
