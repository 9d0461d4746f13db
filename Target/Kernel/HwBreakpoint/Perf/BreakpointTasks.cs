using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>What each task, and each CPU's idle task, has to do with breakpoints.</summary>
internal sealed class BreakpointTasks
{
    private readonly KernelModel _kernel;
    private readonly List<TaskBreakpoints?> _tasks = [];
    private readonly TaskBreakpoints[] _idle;

    public BreakpointTasks(KernelModel kernel)
    {
        _kernel = kernel;
        _idle = new TaskBreakpoints[kernel.Cpus.Count];
        for (int i = 0; i < _idle.Length; i++)
        {
            _idle[i] = new TaskBreakpoints(kernel, $"swapper/{i}", kernel.Cpus[i].IdleDebug);
        }
    }

    /// <summary>The one of a task. Made at the first look: in set-up, if the run is explored.</summary>
    public TaskBreakpoints Of(KernelTask task)
    {
        while (_tasks.Count < task.Pid)
        {
            _tasks.Add(null);
        }

        return _tasks[task.Pid - 1] ??= new TaskBreakpoints(_kernel, task.Name, task.Debug);
    }

    /// <summary>The one of <c>current</c> on a CPU.</summary>
    public TaskBreakpoints Current(KernelCpu cpu) => cpu.Current is { } task ? Of(task) : _idle[cpu.Number];
}
