using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>
/// stop_machine(): a thread of the highest priority on every online CPU; together they go through the states of
/// kernel/stop_machine.c: multi_cpu_stop(), each entered only when all have acknowledged the one before. While the function runs,
/// every CPU spins with interrupts off; NMIs and machine checks still come.
/// </summary>
internal sealed class StopMachine
{
    private readonly KernelModel _kernel;
    private readonly KernelMutex _mutex;
    private readonly CpuThread[] _stoppers;
    private readonly SharedCell<StopState> _state;
    private readonly SharedCell<int> _acknowledged;
    private readonly SharedCell<int> _running;
    private StopRequest? _request;

    public StopMachine(KernelModel kernel)
    {
        _kernel = kernel;
        _mutex = new KernelMutex(kernel, "stop_cpus_mutex");
        _state = kernel.World.Cell("stop_state", StopState.None);
        _acknowledged = kernel.World.Cell("stop_acknowledged", 0);
        _running = kernel.World.Cell("stop_running", 0);
        _stoppers = new CpuThread[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _stoppers.Length; cpu++)
        {
            _stoppers[cpu] = kernel.AddThread($"migration/{cpu}", cpu, false, Stop);
        }
    }

    /// <summary>The thread that stops a CPU.</summary>
    public CpuThread Stopper(int cpu) => _stoppers[cpu];

    /// <summary>stop_machine(function, NULL, cpumask): sleeps until it is over.</summary>
    /// <param name="c">Who calls, a task.</param>
    /// <param name="function">What runs, with interrupts off, on each CPU of <paramref name="cpus"/> at once.</param>
    /// <param name="cpus">Bit n for CPU n; the others only spin.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Run(KernelContext c, Func<KernelContext, ValueTask> function, ulong cpus)
    {
        await _mutex.Lock(c);
        ulong online = await _kernel.Online.Read(c);
        StopRequest request = new(function, cpus, online);
        await new Step<BeginStop, Nothing>(c, new BeginStop(this, request));
        await c.SleepUntil(_running, static running => running == 0, "stop_machine");
        await _mutex.Unlock(c);
    }

    /// <summary>Part of a step: all stoppers are woken.</summary>
    public void Begin(StopRequest request)
    {
        _request = request;
        _running.Commit(BitOperations.PopCount(request.Online));
        _acknowledged.Commit(0);
        _state.Commit(StopState.Prepare);
        foreach (CpuThread stopper in _stoppers)
        {
            if ((request.Online >> stopper.Context.Home.Number & 1) != 0)
            {
                stopper.Woken.Commit(true);
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Stop(KernelContext c)
    {
        StopRequest request = _request!;
        int count = BitOperations.PopCount(request.Online);
        StopState current = StopState.None;
        while (current != StopState.Exit)
        {
            StopState entered = current;
            current = await _state.WaitUntil(c, state => state != entered);
            if (current == StopState.DisableIrq)
            {
                await c.LocalIrqSave();
            }
            else if (current == StopState.Run && (request.Cpus >> c.Home.Number & 1) != 0)
            {
                await request.Function(c);
            }

            if (await _acknowledged.FetchAdd(c, 1) == count - 1)
            {
                await _acknowledged.Write(c, 0);
                await _state.Write(c, current == StopState.Exit ? StopState.None : current + 1);
            }
        }

        // A dying CPU never enables them again.
        if (!_stoppers[c.Home.Number].LeavesOffline)
        {
            await c.LocalIrqEnable();
        }

        await _running.FetchAdd(c, -1);
    }
}

/// <summary>What is being done to stopped CPUs.</summary>
/// <param name="Function">What runs.</param>
/// <param name="Cpus">Where it runs.</param>
/// <param name="Online">Who takes part.</param>
internal sealed record StopRequest(Func<KernelContext, ValueTask> Function, ulong Cpus, ulong Online);

/// <summary>enum multi_stop_state.</summary>
internal enum StopState : byte
{
    None,
    Prepare,
    DisableIrq,
    Run,
    Exit,
}

/// <summary>Wakes all stoppers.</summary>
internal readonly struct BeginStop(StopMachine machine, StopRequest request) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        machine.Begin(request);
        context.World.Trace?.Note("stop machine", null, "");
        return default;
    }
}
