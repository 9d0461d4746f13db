using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Machine;

namespace KgdbSim.Stub.Kgdb.Serving;

/// <summary>Any guest as a faithful kgdb's kernel: one task per CPU, all of its memory the kernel's, traps that nobody wants its own.</summary>
internal sealed class SimulatedGuest : IFaithfulGuest
{
    private readonly HostedMemory _memory;
    private readonly GuestTask[] _tasks;
    private readonly GuestTask[] _idle;

    public SimulatedGuest(SmpMachine machine)
    {
        _memory = new HostedMemory(machine);
        Text = new HostedKernelMemory(_memory);
        _tasks = [.. Enumerable.Range(0, machine.CpuCount).Select(cpu => new GuestTask(cpu + 1, "guest/", cpu))];
        _idle = [.. Enumerable.Range(0, CpuLimit).Select(cpu => new GuestTask(0, "swapper/", cpu))];
    }

    public KernelMemory Text { get; }

    /// <summary>As many as can be: a shadow thread of a CPU that is not there has an idle task all the same.</summary>
    public int CpuLimit => MachineOptions.CpuCountMax;

    public IReadOnlyList<IKgdbTask> Tasks => _tasks;

    public IKgdbTask Current(int cpu) => _tasks[cpu];

    public IKgdbTask IdleTask(int cpu) => _idle[cpu];

    public IKgdbTask? FindTask(int pid) => pid <= _tasks.Length ? _tasks[pid - 1] : null;

    public int ReadMemory(ulong address, Span<byte> bytes) => _memory.TryRead(0, address, bytes) ? 0 : KgdbErrno.Fault;

    public int WriteMemory(ulong address, ReadOnlySpan<byte> bytes) => _memory.TryWrite(0, address, bytes) ? 0 : KgdbErrno.Fault;

    public ulong? FindSymbol(string name) => null;

    public bool IsFatal(ulong address) => false;

    public void Handled(HostedCpu cpu, PendingEvent trap, ulong status, TrapVerdict verdict)
    {
        if (verdict is TrapVerdict.Oops or TrapVerdict.Signal or TrapVerdict.Ignored)
        {
            cpu.PassOn(trap, status);
        }
    }
}
