using System.Text;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;

namespace KgdbSim.Stub.Binding.Kernel;

/// <summary>
/// A modelled kernel's tasks as threads, in kgdb's order: for each CPU a shadow thread, which is its idle task and another name for
/// whatever it does (kernel/debug/gdbstub.c:getthread@6.1), then the tasks by their process ids.
/// </summary>
/// <remarks>
/// A shadow thread's number is kgdb's, -(cpu + 2). It goes over the wire as a positive one of 32 bits, fffffffe downwards; gdb and LLDB
/// take that.
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
            if (index < target.CpuCount)
            {
                return Shadow(index);
            }

            int rest = index - target.CpuCount;
            for (int cpu = 0; cpu < target.CpuCount; cpu++)
            {
                if (Tasks.GuestOf(cpu) is { } task && rest-- == 0)
                {
                    return Guest(task, cpu);
                }
            }

            return Asleep(Tasks.Sleeping[rest].Pid);
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

        for (int i = target.CpuCount; i < Count; i++)
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
        int state = thread.IsOnCpu ? (int)target.ActivityOf(thread.Cpu) : DebugThread.Nowhere;
        if (!_names.TryGetValue((thread.Id.Thread, state), out byte[]? name))
        {
            name = Encoding.UTF8.GetBytes(Name(thread));
            _names.Add((thread.Id.Thread, state), name);
        }

        return name;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> DetailOf(DebugThread thread) => default;

    private static DebugThread Asleep(int pid) => new(DebugThread.IdOf(pid), DebugThread.Nowhere, DebugThread.Nowhere);

    private DebugThread Guest(KernelTask task, int cpu) =>
        new(DebugThread.IdOf(task.Pid), Tasks.IsUnplugged(cpu) ? DebugThread.Nowhere : cpu, cpu);

    private DebugThread Shadow(int cpu) => Tasks.IsUnplugged(cpu)
        ? Asleep(FirstShadow - cpu)
        : new DebugThread(FirstShadow - cpu, cpu);

    private string SleeperName(int pid) => Tasks.Sleeping.FirstOrDefault(task => task.Pid == pid) is { } task
        ? $"{task.Comm} [pid {pid}, sleeping]"
        : $"[pid {pid}, gone]";

    private string Name(DebugThread thread)
    {
        int number = thread.Id.Thread;
        if (number < 0)
        {
            string shadow = $"shadowCPU{FirstShadow - number}";
            return !thread.IsOnCpu ? shadow + " [offline]"
                : target.ActivityOf(thread.Cpu) == CpuActivity.WaitingForSipi ? shadow + " [waiting for SIPI]"
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
