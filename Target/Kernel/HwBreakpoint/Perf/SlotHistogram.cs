using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// How many holders have exactly n+1 breakpoints, for n from 0 to 3; LOCKed counters
/// (struct bp_slots_histogram, kernel/events/hw_breakpoint.c@6.1).
/// </summary>
internal sealed class SlotHistogram
{
    private readonly SharedCell<int>[] _counts = new SharedCell<int>[Dr7Encoding.RegisterCount];

    public SlotHistogram(KernelModel kernel, string name)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = kernel.World.Cell($"{name}[{i}]", 0);
        }
    }

    /// <summary>Element n, the number of holders of n+1; looking takes no step.</summary>
    public int this[int n] => _counts[n].Value;

    /// <summary>The highest number any holder has; looking takes no step.</summary>
    public int Highest
    {
        get
        {
            int n = _counts.Length;
            while (n > 0 && _counts[n - 1].Value <= 0)
            {
                n--;
            }

            return n;
        }
    }

    /// <summary>One holder goes from <paramref name="old"/> breakpoints to <paramref name="change"/> more (bp_slots_histogram_add).</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Move(KernelContext c, int old, int change)
    {
        int from = old - 1;
        int to = from + change;
        if (from >= 0 && await _counts[from].FetchAdd(c, -1) <= 0)
        {
            c.Warn("slot accounting", $"{c.Name} takes a holder of {old} from {_counts[from].Name}, which has none");
        }

        if (to >= _counts.Length)
        {
            c.Warn("slot accounting", $"{c.Name} counts a holder of {to + 1} in {_counts[0].Name}, which ends at {_counts.Length}");
        }
        else if (to >= 0)
        {
            await _counts[to].FetchAdd(c, 1);
        }
    }

    /// <summary><see cref="Move"/> where no step in the middle can be seen.</summary>
    public void MoveAtOnce(int old, int change)
    {
        int from = old - 1;
        int to = from + change;
        if (from >= 0)
        {
            _counts[from].Commit(_counts[from].Value - 1);
        }

        if (to >= 0)
        {
            _counts[to].Commit(_counts[to].Value + 1);
        }
    }

    /// <summary>The highest number any holder has (bp_slots_histogram_max); with a second histogram, in either.</summary>
    public ValueTask<int> Max(KernelContext c, SlotHistogram? merged) =>
        c.RunsInline ? ValueTask.FromResult(Math.Max(Highest, merged?.Highest ?? 0)) : MaxByStep(c, merged);

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<int> MaxByStep(KernelContext c, SlotHistogram? merged)
    {
        for (int i = _counts.Length - 1; i >= 0; i--)
        {
            int count = await _counts[i].Read(c);
            if (merged is not null)
            {
                count += await merged._counts[i].Read(c);
            }

            if (count > 0)
            {
                return i + 1;
            }
        }

        return 0;
    }
}
