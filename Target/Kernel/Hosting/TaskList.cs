using KgdbSim.Target.Cpu;
using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// The tasks of a hosted kernel: guest/N, which the guest's code of CPU N is what it does; and processes that sleep. Beside them each
/// CPU has its idle task, with process id 0.
/// </summary>
internal sealed class TaskList(KgdbHost host)
{
    private readonly List<SleepingTask> _sleeping = [];
    private int _lastPid;

    /// <summary>Those that sleep, oldest first.</summary>
    public IReadOnlyList<SleepingTask> Sleeping => _sleeping;

    /// <summary>Who runs a CPU's guest code; null: nobody yet, as it waits to be started.</summary>
    public unsafe KernelTask? GuestOf(int cpu) =>
        host.Host.Cpus[cpu].Vcpu.Core.State->Activity == ActivityState.WaitForSipi ? null : host.Host.Cpus[cpu].Task;

    /// <summary>
    /// Whether a CPU has been taken out of the kernel's hands: its idle task waits for its return, and its guest's task stands with
    /// the registers it had.
    /// </summary>
    public bool IsUnplugged(int cpu) => host.Host.Cpus[cpu].IsUnplugged;

    /// <summary>A process begins, and sleeps.</summary>
    public SleepingTask Begin(string comm)
    {
        _lastPid = Math.Max(_lastPid, host.Host.Kernel.Tasks.Count) + 1;
        SleepingTask task = new(_lastPid, comm);
        _sleeping.Add(task);
        return task;
    }

    /// <summary>It has exited.</summary>
    public void End(SleepingTask task) => _sleeping.Remove(task);
}
