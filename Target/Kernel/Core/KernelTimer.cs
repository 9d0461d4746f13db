using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// struct timer_list on one CPU: once armed it expires at a moment of the scheduler's choice; its function runs in the timer
/// softirq (kernel/time/timer.c).
/// </summary>
internal sealed class KernelTimer
{
    private readonly KernelCpu _cpu;
    private readonly SharedCell<bool> _armed;
    private readonly SharedCell<bool> _running;
    private readonly InterruptSource _tick;
    private readonly Func<KernelContext, ValueTask> _function;
    private readonly Func<KernelContext, ValueTask> _expire;

    /// <param name="kernel">Whose.</param>
    /// <param name="name">What reports call it.</param>
    /// <param name="cpu">Where it expires.</param>
    /// <param name="function">What it does then, in softirq context.</param>
    public KernelTimer(KernelModel kernel, string name, int cpu, Func<KernelContext, ValueTask> function)
    {
        _cpu = kernel.Cpus[cpu];
        _armed = kernel.World.Cell($"{name}.pending", false);
        _running = kernel.World.Cell($"{name}.running", false);
        _function = function;
        _expire = Expire;
        _tick = kernel.AddInterrupt($"{name}.tick", cpu, ContextKind.Hardirq, 0, Tick);
    }

    /// <summary>mod_timer(); yields whether it was armed already.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> Arm(KernelContext c)
    {
        bool wasArmed = await _armed.Exchange(c, true);
        await _tick.Raise(c);
        return wasArmed;
    }

    /// <summary>del_timer(): it won't begin any more, but may be under way; yields whether it was armed.</summary>
    public Step<CellUpdate<bool, Exchange<bool>>, bool> Delete(KernelContext c) => _armed.Exchange(c, false);

    /// <summary>
    /// del_timer_sync(): nor is it under way. From a hardirq, or on its CPU with softirqs running, it waits for what it interrupted.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> DeleteAndWait(KernelContext c)
    {
        if (c.Control.HardirqDepth != 0 || c.Control.InNmi)
        {
            c.Warn("del_timer_sync in hardirq", $"{c.Name} waits in an interrupt for a timer's function, which it may have interrupted");
        }

        bool wasArmed = await _armed.Exchange(c, false);
        await _running.WaitUntil(c, static running => !running);
        return wasArmed;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Tick(KernelContext c) => await _cpu.Softirqs.Raise(c, SoftirqVector.Timer, _expire);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Expire(KernelContext c)
    {
        // Said before it is disarmed: who finds it disarmed must be able to see that it runs.
        await _running.Write(c, true);
        if (await _armed.Exchange(c, false))
        {
            await _function(c);
        }

        await _running.Write(c, false);
    }
}
