namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// How far waiting may go where a lock is taken: no mutex under a spinlock or in an interrupt (check_wait_context()@6.1, in kernels
/// without raw-lock-nesting checks).
/// </summary>
internal static class WaitContext
{
    /// <summary>LD_WAIT_MAX: a task that holds nothing may take anything.</summary>
    private const int Anything = 4;

    /// <summary>What the context alone permits: task_wait_context().</summary>
    public static int Of(in CpuContext cpu) => cpu.InHardirq || cpu.InSoftirq ? LockKey.SpinWait : Anything;

    /// <summary>Whether the context and the locks taken in it permit the next one.</summary>
    public static bool Permits(HeldLocks task, HeldLock next, in CpuContext cpu)
    {
        if (next.IsTrylock)
        {
            return true;
        }

        int permitted = Of(cpu);
        for (int i = task.Count - 1; i >= 0 && task[i].ChainContext == next.ChainContext; i--)
        {
            permitted = Math.Min(permitted, task[i].Class.Key.InnerWait);
        }

        return next.Class.Key.OuterWait <= permitted;
    }
}
