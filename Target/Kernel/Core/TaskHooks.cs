namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// What systems do when tasks begin, change and end. Each runs in the context of the task that makes it happen, in the order of
/// registration; all are made in set-up.
/// </summary>
internal sealed class TaskHooks
{
    /// <summary>copy_thread(): in the parent, told the child, which doesn't run yet.</summary>
    public List<Func<KernelContext, KernelTask, ValueTask>> Fork { get; } = [];

    /// <summary>flush_thread(): the task gets a new program.</summary>
    public List<Func<KernelContext, ValueTask>> Exec { get; } = [];

    /// <summary>exit_thread(): the task ends; it may still sleep.</summary>
    public List<Func<KernelContext, ValueTask>> Exit { get; } = [];
}
