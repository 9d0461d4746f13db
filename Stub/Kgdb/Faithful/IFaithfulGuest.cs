using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Traps;

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

    /// <inheritdoc cref="IKgdbCore.FindSymbol"/>
    ulong? FindSymbol(string name);

    /// <summary>Planting a breakpoint there runs into it: the kernel panics in the debugger.</summary>
    bool IsFatal(ulong address);

    /// <summary>The kernel's handlers are through with an exception.</summary>
    /// <param name="cpu">Whose.</param>
    /// <param name="trap">As it came.</param>
    /// <param name="status">DR6 then, for a #DB.</param>
    /// <param name="verdict">An oops kills the task; a signal, or what nobody knew, is the guest code's own business.</param>
    void Handled(HostedCpu cpu, PendingEvent trap, ulong status, TrapVerdict verdict);
}
