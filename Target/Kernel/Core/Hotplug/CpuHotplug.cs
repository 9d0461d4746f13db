using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// CPUs that come and go (kernel/cpu.c): a starting CPU runs its start routine with interrupts off and puts itself online; a dying
/// one takes itself offline while all others are stopped.
/// </summary>
internal sealed class CpuHotplug
{
    private readonly KernelModel _kernel;
    private readonly StopMachine _stop;
    private readonly CpuThread[] _starters;

    public CpuHotplug(KernelModel kernel, StopMachine stop)
    {
        _kernel = kernel;
        _stop = stop;
        Lock = new RwSemaphore(kernel, "cpu_hotplug_lock");
        _starters = new CpuThread[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _starters.Length; cpu++)
        {
            _starters[cpu] = kernel.AddThread($"swapper/{cpu}", cpu, true, StartSecondary);
        }
    }

    /// <summary>cpus_read_lock() keeps CPUs from coming and going; both of those take it as writers.</summary>
    public RwSemaphore Lock { get; }

    /// <summary>Who wants to know, in the order of coming; of going, the reverse.</summary>
    public List<HotplugCallback> Callbacks { get; } = [];

    /// <summary>cpu_up().</summary>
    /// <returns>-EINVAL if it is online already.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Up(KernelContext c, int cpu)
    {
        await Lock.DownWrite(c);
        Errno result = (await _kernel.Online.Read(c) >> cpu & 1) != 0 ? Errno.Invalid : Errno.None;
        if (result == Errno.None)
        {
            await Call(c, cpu, static callback => callback.Prepare);
            await _starters[cpu].Woken.Exchange(c, true);
            await c.SleepUntil(_kernel.Online, online => (online >> cpu & 1) != 0, "cpu_up");
            await Call(c, cpu, static callback => callback.Online);
        }

        await Lock.UpWrite(c);
        return result;
    }

    /// <summary>cpu_down().</summary>
    /// <returns>-EINVAL if it isn't online, -EBUSY if it is the last one.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Down(KernelContext c, int cpu)
    {
        await Lock.DownWrite(c);
        ulong online = await _kernel.Online.Read(c);
        Errno result = (online >> cpu & 1) == 0 ? Errno.Invalid : BitOperations.IsPow2(online) ? Errno.Busy : Errno.None;
        if (result == Errno.None)
        {
            await CallBackwards(c, cpu, static callback => callback.DownPrepare);
            await _stop.Run(c, TakeDown, 1UL << cpu);
            await CallBackwards(c, cpu, static callback => callback.Dead);
        }

        await Lock.UpWrite(c);
        return result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask StartSecondary(KernelContext c)
    {
        int cpu = c.Home.Number;
        await Call(c, cpu, static callback => callback.Starting);
        await _kernel.Online.SetBit(c, cpu);
        await c.LocalIrqEnable();
    }

    /// <summary>take_cpu_down(), on the dying CPU.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask TakeDown(KernelContext c)
    {
        int cpu = c.Home.Number;
        await _kernel.Online.ClearBit(c, cpu);
        _stop.Stopper(cpu).LeavesOffline = true;
        await CallBackwards(c, cpu, static callback => callback.Dying);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Call(KernelContext c, int cpu, Func<HotplugCallback, Func<KernelContext, int, ValueTask>?> which)
    {
        foreach (HotplugCallback callback in Callbacks)
        {
            if (which(callback) is { } function)
            {
                await function(c, cpu);
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask CallBackwards(KernelContext c, int cpu, Func<HotplugCallback, Func<KernelContext, int, ValueTask>?> which)
    {
        for (int i = Callbacks.Count - 1; i >= 0; i--)
        {
            if (which(Callbacks[i]) is { } function)
            {
                await function(c, cpu);
            }
        }
    }
}
