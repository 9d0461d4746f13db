using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>Running a function on other CPUs (kernel/smp.c).</summary>
internal static class CrossCall
{
    /// <summary>
    /// on_each_cpu(func, info, wait): here with interrupts off, elsewhere in the IPI's handler.
    /// </summary>
    /// <param name="c">Who calls. With interrupts off or in an interrupt it is misuse: deadlocks lie that way.</param>
    /// <param name="function">What runs everywhere.</param>
    /// <param name="wait">Whether to return only when all have run it.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask OnEachCpu(KernelContext c, Func<KernelContext, ValueTask> function, bool wait)
    {
        await c.PreemptDisable();
        CrossCallRequest?[] sent = await Send(c, ~(1UL << c.Home.Number), function, wait);
        bool irqs = await c.LocalIrqSave();
        await function(c);
        await c.LocalIrqRestore(irqs);
        if (wait)
        {
            await Await(c, sent);
        }

        await c.PreemptEnable();
    }

    /// <summary>smp_call_function_many(mask, func, info, wait); the own CPU is left out.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask CallMany(KernelContext c, ulong mask, Func<KernelContext, ValueTask> function, bool wait)
    {
        await c.PreemptDisable();
        CrossCallRequest?[] sent = await Send(c, mask & ~(1UL << c.Home.Number), function, wait);
        if (wait)
        {
            await Await(c, sent);
        }

        await c.PreemptEnable();
    }

    /// <summary>smp_call_function_single(cpu, func, info, wait); on the own CPU a plain call with interrupts off.</summary>
    /// <returns>False (-ENXIO) if the CPU isn't online.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<bool> CallSingle(KernelContext c, int cpu, Func<KernelContext, ValueTask> function, bool wait)
    {
        await c.PreemptDisable();
        bool called = true;
        if (cpu == c.Home.Number)
        {
            bool irqs = await c.LocalIrqSave();
            await function(c);
            await c.LocalIrqRestore(irqs);
        }
        else
        {
            CrossCallRequest?[] sent = await Send(c, 1UL << cpu, function, wait);
            called = sent.Length != 0;
            if (wait)
            {
                await Await(c, sent);
            }
        }

        await c.PreemptEnable();
        return called;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<CrossCallRequest?[]> Send(KernelContext c, ulong mask, Func<KernelContext, ValueTask> function, bool wait)
    {
        if (!c.Control.IrqsEnabled || c.Control.InInterrupt)
        {
            c.Warn("cross call with interrupts off", $"{c.Name} calls other CPUs with interrupts off or from an interrupt");
        }

        ulong online = await c.Kernel.Online.Read(c) & mask;
        CrossCallRequest?[] sent = new CrossCallRequest?[BitOperations.PopCount(online)];
        int count = 0;
        for (; online != 0; online &= online - 1)
        {
            int cpu = BitOperations.TrailingZeroCount(online);
            CrossCallRequest request = new(function, wait, c.World.Cell($"C{c.Home.Number}.csd.C{cpu}", false));
            sent[count++] = request;
            await c.Kernel.Cpus[cpu].Calls!.Enqueue(c, request);
        }

        return sent;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Await(KernelContext c, CrossCallRequest?[] sent)
    {
        foreach (CrossCallRequest? request in sent)
        {
            await request!.Done.WaitUntil(c, static done => done);
        }
    }
}
