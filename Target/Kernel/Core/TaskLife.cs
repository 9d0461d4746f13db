using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>fork(), execve(), signals and what a debugger does to a task (kernel/fork.c, fs/exec.c, kernel/ptrace.c).</summary>
internal static class TaskLife
{
    /// <summary>fork(): the hooks in the parent, then the child may run.</summary>
    /// <param name="c">The parent.</param>
    /// <param name="child">Made in set-up by <see cref="KernelModel.PrepareChild"/>.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask Fork(this KernelContext c, KernelTask child)
    {
        c.MightSleep("fork");
        foreach (Func<KernelContext, KernelTask, ValueTask> hook in c.Kernel.TaskHooks.Fork)
        {
            await hook(c, child);
        }

        await child.Forked!.Exchange(c, true);
    }

    /// <summary>execve(): the hooks.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask Exec(this KernelContext c)
    {
        c.MightSleep("execve");
        foreach (Func<KernelContext, ValueTask> hook in c.Kernel.TaskHooks.Exec)
        {
            await hook(c);
        }
    }

    /// <summary>send_sig(): from any context but an NMI.</summary>
    public static Step<CellUpdate<ulong, Or<ulong>>, ulong> SendSignal(this KernelContext c, KernelTask task, int signal)
    {
        if (c.Control.InNmi)
        {
            c.Warn("signal from NMI", $"{c.Name} sends a signal in an NMI, which may have interrupted the holder of siglock");
        }

        return task.Signals.FetchOr(c, 1UL << signal);
    }

    /// <summary>ptrace_stop(): the task sleeps until its tracer lets it go.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask PtraceStop(this KernelContext c)
    {
        if (c.Process is KernelTask task)
        {
            await task.IsTraced.Exchange(c, true);
            await c.SleepUntil(task.IsTraced, static stopped => !stopped, "ptrace_stop");
        }
    }

    /// <summary>wait4(): sleeps until the tracee has stopped.</summary>
    public static ValueTask AwaitPtraceStop(this KernelContext c, KernelTask tracee) =>
        c.SleepUntil(tracee.IsTraced, static stopped => stopped, "wait4");

    /// <summary>PTRACE_CONT: the tracee goes on.</summary>
    public static Step<CellUpdate<bool, Exchange<bool>>, bool> PtraceContinue(this KernelContext c, KernelTask tracee) =>
        tracee.IsTraced.Exchange(c, false);

    /// <summary>ptrace_check_attach(): touching a tracee that isn't stopped, or still on a CPU, is misuse; yields whether it was right.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<bool> CheckPtraceStopped(this KernelContext c, KernelTask tracee)
    {
        bool stopped = await tracee.IsTraced.Read(c) && !await tracee.Runnable.Read(c);
        if (!stopped)
        {
            c.Warn("ptrace of a running task", $"{c.Name} touches the registers of {tracee.Name}, which isn't stopped");
        }

        return stopped;
    }
}
