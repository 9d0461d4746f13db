using System.Text;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;

namespace KgdbSim.Stub.Binding.Kernel;

/// <summary>
/// A modelled kernel's tasks as threads: those with process ids, in their order, then for each CPU a shadow thread, which is its idle task.
/// </summary>
/// <remarks>
/// kgdb has the shadow threads in front. gdb's thread 1 should be one that runs.
/// A shadow thread's number is kgdb's, -(cpu + 2); it goes over the wire as one of 32 bits, fffffffe downwards. In Linux 6.1 it also shows
/// the registers of whatever task has the CPU (kernel/debug/gdbstub.c:getthread). Here it doesn't: gdb, which keeps the registers of a
/// thread that it has not resumed, would go on showing old ones after a step of that task.
/// </remarks>
internal sealed class TaskThreads(IDebugTarget target) : IThreads
{
    private const int FirstShadow = -2;

    private readonly Dictionary<(int Number, int State), byte[]> _names = [];

    /// <inheritdoc/>
    public int Count
    {
        get
        {
            int count = target.CpuCount + Tasks.Sleeping.Count;
            for (int cpu = 0; cpu < target.CpuCount; cpu++)
            {
                count += Tasks.GuestOf(cpu) is null ? 0 : 1;
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public bool AreFixed => false;

    private TaskList Tasks => Kernel.Host.Users.Tasks;

    private SimulatedKernel Kernel => target.Kernel ?? throw new InvalidOperationException("The machine has no modelled kernel.");

    /// <inheritdoc/>
    public DebugThread this[int index]
    {
        get
        {
            int rest = index;
            for (int cpu = 0; cpu < target.CpuCount; cpu++)
            {
                if (Tasks.GuestOf(cpu) is { } task && rest-- == 0)
                {
                    return Guest(task, cpu);
                }
            }

            return rest < Tasks.Sleeping.Count ? Asleep(Tasks.Sleeping[rest].Pid) : Shadow(rest - Tasks.Sleeping.Count);
        }
    }

    /// <inheritdoc/>
    public DebugThread On(int cpu) => Tasks.GuestOf(cpu) is { } task ? Guest(task, cpu) : Shadow(cpu);

    /// <inheritdoc/>
    public bool TryFind(ThreadId id, out DebugThread thread)
    {
        thread = default;
        if (!DebugThread.IsNumber(id))
        {
            return false;
        }

        if (id.Thread < 0)
        {
            int cpu = FirstShadow - id.Thread;
            thread = cpu < target.CpuCount ? Shadow(cpu) : default;
            return cpu < target.CpuCount;
        }

        for (int i = 0; i < Count - target.CpuCount; i++)
        {
            if (this[i] is var task && task.Id.Thread == id.Thread)
            {
                thread = task;
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> NameOf(DebugThread thread)
    {
        if (thread.Id.Thread > 0 && thread.Context == DebugThread.Nowhere)
        {
            return Encoding.UTF8.GetBytes(SleeperName(thread.Id.Thread));
        }

        // gdb asks for all names at every stop. Everything that one says follows from these two.
        int cpu = CpuOf(thread);
        int state = Tasks.IsUnplugged(cpu) ? DebugThread.Nowhere : (int)target.ActivityOf(cpu);
        if (!_names.TryGetValue((thread.Id.Thread, state), out byte[]? name))
        {
            name = Encoding.UTF8.GetBytes(Name(thread));
            _names.Add((thread.Id.Thread, state), name);
        }

        return name;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> DetailOf(DebugThread thread)
    {
        int cpu = FirstShadow - thread.Id.Thread;
        bool isOther = thread.Id.Thread < 0 && Tasks.GuestOf(cpu) is not null && !Tasks.IsUnplugged(cpu);
        return isOther ? Encoding.UTF8.GetBytes($"CPU {cpu} runs {Tasks.GuestOf(cpu)!.Comm}") : default(ReadOnlySpan<byte>);
    }

    private static DebugThread Asleep(int pid) => new(DebugThread.IdOf(pid), DebugThread.Nowhere, DebugThread.Nowhere);

    private DebugThread Guest(KernelTask task, int cpu) =>
        new(DebugThread.IdOf(task.Pid), Tasks.IsUnplugged(cpu) ? DebugThread.Nowhere : cpu, cpu);

    private DebugThread Shadow(int cpu) =>
        Tasks.GuestOf(cpu) is null ? new DebugThread(FirstShadow - cpu, cpu) : Asleep(FirstShadow - cpu);

    /// <summary>The CPU that it belongs to, of a thread that does.</summary>
    private static int CpuOf(DebugThread thread) => thread.Id.Thread < 0 ? FirstShadow - thread.Id.Thread : thread.Context;

    private string SleeperName(int pid) => Tasks.Sleeping.FirstOrDefault(task => task.Pid == pid) is { } task
        ? $"{task.Comm} [pid {pid}, sleeping]"
        : $"[pid {pid}, gone]";

    private string Name(DebugThread thread)
    {
        int number = thread.Id.Thread;
        if (number < 0)
        {
            string shadow = $"shadowCPU{CpuOf(thread)}";
            return Tasks.IsUnplugged(CpuOf(thread)) ? shadow + " [offline]"
                : thread.IsOnCpu ? shadow + " [waiting for SIPI]"
                : shadow;
        }

        string comm = Tasks.GuestOf(thread.Context)!.Comm;
        return !thread.IsOnCpu ? $"{comm} [pid {number}, CPU {thread.Context} is offline]" : target.ActivityOf(thread.Cpu) switch
        {
            CpuActivity.Halted => $"{comm} [pid {number}, halted on CPU {thread.Cpu}]",
            CpuActivity.Shutdown => $"{comm} [pid {number}, shut down on CPU {thread.Cpu}]",
            _ => $"{comm} [pid {number}, on CPU {thread.Cpu}]",
        };
    }
}
