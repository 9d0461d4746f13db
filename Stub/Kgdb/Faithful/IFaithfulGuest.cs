using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>What of the kernel around kgdb the models leave open: its memory, its tasks, and what becomes of those that die.</summary>
internal interface IFaithfulGuest
{
    /// <summary>Where breakpoints are planted, with the kprobe blocklist.</summary>
    KernelMemory Text { get; }

    /// <summary>NR_CPUS.</summary>
    int CpuLimit { get; }

    /// <summary>The tasks in the order of for_each_process_thread; idle tasks are not among them.</summary>
    IReadOnlyList<IKgdbTask> Tasks { get; }

    /// <summary>What a CPU runs.</summary>
    IKgdbTask Current(int cpu);

    /// <summary>The idle task of every CPU below <see cref="CpuLimit"/>.</summary>
    IKgdbTask IdleTask(int cpu);

    IKgdbTask? FindTask(int pid);

    /// <inheritdoc cref="IKgdbCore.ReadMemory"/>
    int ReadMemory(ulong address, Span<byte> bytes);

    /// <inheritdoc cref="IKgdbCore.WriteMemory"/>
    int WriteMemory(ulong address, ReadOnlySpan<byte> bytes);

    /// <summary>Planting a breakpoint there runs into it: the kernel panics in the debugger.</summary>
    bool IsFatal(ulong address);

    /// <summary>DR6 as the handler of a #DB finds it: <paramref name="status"/> and what this processor adds.</summary>
    ulong DebugStatus(HostedCpu cpu, ulong status);

    /// <summary>Nobody wanted an exception of kernel code: the task dies, or if it was <paramref name="inInterrupt"/> the kernel.</summary>
    void Die(HostedCpu cpu, bool inInterrupt);
}
