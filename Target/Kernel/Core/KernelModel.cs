using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>One modelled kernel: its CPUs, tasks and sources of interrupts. Made anew in the set-up of each run.</summary>
internal sealed class KernelModel
{
    /// <summary>A process number has ten bits in <see cref="CpuControl"/>.</summary>
    private const int ProcessCountMax = 1023;

    private readonly List<KernelProcess> _processes = [];
    private readonly List<KernelTask> _tasks = [];
    private readonly KernelCpu[] _cpus;

    public KernelModel(World world, KernelOptions options)
    {
        World = world;
        Options = options;
        _cpus = new KernelCpu[options.CpuCount];
        for (int i = 0; i < _cpus.Length; i++)
        {
            _cpus[i] = new KernelCpu(this, i);
        }

        ulong possible = options.CpuCount == 64 ? ulong.MaxValue : (1UL << options.CpuCount) - 1;
        Online = world.Cell("cpu_online_mask", possible & ~options.OfflineCpus);
        Lockdep = options.HasLockdep ? new LockdepLink(this) : null;
        if (options.HasIpis)
        {
            foreach (KernelCpu cpu in _cpus)
            {
                cpu.Calls = new CallQueue(cpu);
            }
        }
    }

    public World World { get; }

    public KernelOptions Options { get; }

    /// <summary>Null where <see cref="KernelOptions.HasLockdep"/> is off.</summary>
    public LockdepLink? Lockdep { get; }

    public IReadOnlyList<KernelCpu> Cpus => _cpus;

    public IReadOnlyList<KernelTask> Tasks => _tasks;

    /// <summary>Tasks and sources of interrupts, in order of creation.</summary>
    public IReadOnlyList<KernelProcess> Processes => _processes;

    /// <summary>cpu_online_mask: bit n for CPU n.</summary>
    public SharedCell<ulong> Online { get; }

    /// <summary>A task bound to a CPU. The first one of a CPU has it from the beginning.</summary>
    public KernelTask Spawn(string comm, int cpu, Func<KernelContext, ValueTask> body)
    {
        KernelTask task = new(_cpus[cpu], _tasks.Count + 1, comm, body, isForked: false);
        _tasks.Add(task);
        World.Add(task);
        return task;
    }

    /// <summary>A task that begins when another one forks it; everything is made in set-up, children too.</summary>
    public KernelTask PrepareChild(string comm, int cpu, Func<KernelContext, ValueTask> body)
    {
        KernelTask task = new(_cpus[cpu], _tasks.Count + 1, comm, body, isForked: true);
        _tasks.Add(task);
        World.Add(task);
        return task;
    }

    /// <summary>What is done when tasks fork, exec and exit.</summary>
    public TaskHooks TaskHooks { get; } = new();

    /// <summary>A source of interrupts into a CPU.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="cpu">The CPU it interrupts.</param>
    /// <param name="kind">Hardirq, Nmi or MachineCheck.</param>
    /// <param name="pending">How many come without anybody raising them, each at some moment of the scheduler's choice.</param>
    /// <param name="handler">What the kernel does on one.</param>
    public InterruptSource AddInterrupt(string name, int cpu, ContextKind kind, int pending, Func<KernelContext, ValueTask> handler)
    {
        InterruptSource source = new(_cpus[cpu], name, kind, pending, handler);
        World.Add(source);
        return source;
    }

    /// <summary>A thread of a CPU that goes before all its tasks.</summary>
    public CpuThread AddThread(string name, int cpu, bool starts, Func<KernelContext, ValueTask> body)
    {
        CpuThread thread = new(_cpus[cpu], name, starts, body);
        World.Add(thread);
        return thread;
    }

    /// <summary>What each switch of tasks does after <c>current</c> has changed: (scheduler's context, previous, next).</summary>
    public List<Func<KernelContext, KernelTask?, KernelTask, ValueTask>> SwitchHooks { get; } = [];

    /// <summary>Divides a CPU among several tasks; to be called before a second one is spawned there.</summary>
    /// <param name="cpu">Which.</param>
    /// <param name="preemptions">How many preemptions come without anybody asking; with <see cref="PreemptionModel.Full"/>.</param>
    public TaskScheduler AddScheduler(int cpu, int preemptions)
    {
        TaskScheduler scheduler = new(_cpus[cpu], preemptions);
        _cpus[cpu].Scheduler = scheduler;
        World.Add(scheduler);
        return scheduler;
    }

    /// <summary>Whether some CPU runs the task, or was interrupted in it.</summary>
    public bool IsOnSomeCpu(KernelTask task) => Array.Exists(_cpus, cpu => cpu.Control.Current == task.Number);

    /// <summary>The process with this number from 1.</summary>
    public KernelProcess Process(int number) => _processes[number - 1];

    /// <summary>Gives a process its number.</summary>
    public int Adopt(KernelProcess process)
    {
        _processes.Add(process);
        return _processes.Count <= ProcessCountMax ? _processes.Count
            : throw new InvalidOperationException($"A modelled kernel has at most {ProcessCountMax} tasks and sources of interrupts.");
    }
}
