using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>cpumask_t: a set of CPUs, each member changed by one LOCKed operation (include/linux/cpumask.h).</summary>
internal sealed class CpuMask(KernelModel kernel, string name, ulong initial)
{
    /// <summary>The members, bit n for CPU n.</summary>
    public SharedCell<ulong> Bits { get; } = kernel.World.Cell(name, initial);

    /// <summary>cpumask_set_cpu().</summary>
    public Step<CellUpdate<ulong, Or<ulong>>, ulong> Set(StepContext context, int cpu) => Bits.SetBit(context, cpu);

    /// <summary>cpumask_clear_cpu().</summary>
    public Step<CellUpdate<ulong, And<ulong>>, ulong> Clear(StepContext context, int cpu) => Bits.ClearBit(context, cpu);

    /// <summary>cpumask_test_cpu().</summary>
    public ValueTask<bool> Test(StepContext context, int cpu) => Bits.TestBit(context, cpu);

    /// <summary>cpumask_test_and_clear_cpu().</summary>
    public ValueTask<bool> TestAndClear(StepContext context, int cpu) => Bits.TestAndClearBit(context, cpu);

    /// <summary>cpumask_copy(mask, cpu_online_mask) without the own CPU: a load, and a store of the whole set.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SetToOthersOnline(KernelContext c)
    {
        ulong online = await c.Kernel.Online.Read(c);
        await Bits.Write(c, online & ~(1UL << c.Home.Number));
    }

    /// <summary>while (!cpumask_empty(mask)) cpu_relax(): as one step.</summary>
    public Step<CellWait<ulong>, ulong> AwaitEmpty(StepContext context) => Bits.WaitUntil(context, static bits => bits == 0);
}
