using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>
/// The state of the 2009 interface (kernel/hw_breakpoint.c, commit 62a038d34db2). The kernel owns the registers from
/// <see cref="Position"/> up, threads those below.
/// </summary>
internal sealed class BreakpointTables
{
    public const int RegisterCount = ThreadBreakpoints.RegisterCount;

    private readonly KernelModel _kernel;
    private readonly List<ThreadBreakpoints?> _threads = [];
    private readonly ThreadBreakpoints[] _idle;
    private readonly SharedCell<HardwareBreakpoint?>[][] _loaded;
    private readonly SharedCell<ulong> _kdr7;
    private readonly SharedCell<ulong>[] _kdr7PerCpu;

    public BreakpointTables(KernelModel kernel, InterfaceForm form)
    {
        _kernel = kernel;
        Form = form;
        World world = kernel.World;
        Lock = new RawSpinLock(kernel, "hw_breakpoint_lock");
        Position = world.Cell("hbp_kernel_pos", RegisterCount);
        _kdr7 = world.Cell("kdr7", 0UL);
        for (int i = 0; i < RegisterCount; i++)
        {
            Kernel[i] = world.Cell<HardwareBreakpoint?>($"hbp_kernel[{i}]", null);
            UserCount[i] = world.Cell($"hbp_user_refcount[{i}]", 0);
        }

        _loaded = new SharedCell<HardwareBreakpoint?>[kernel.Cpus.Count][];
        _kdr7PerCpu = new SharedCell<ulong>[kernel.Cpus.Count];
        _idle = new ThreadBreakpoints[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _loaded.Length; cpu++)
        {
            _loaded[cpu] = new SharedCell<HardwareBreakpoint?>[RegisterCount];
            for (int i = 0; i < RegisterCount; i++)
            {
                _loaded[cpu][i] = world.Cell<HardwareBreakpoint?>($"C{cpu}.this_hbp_kernel[{i}]", null);
            }

            _kdr7PerCpu[cpu] = form.HasKdr7PerCpu ? world.Cell($"C{cpu}.kdr7", 0UL) : _kdr7;
            _idle[cpu] = new ThreadBreakpoints(kernel, $"swapper/{cpu}", null, kernel.Cpus[cpu].IdleDebug);
        }
    }

    public InterfaceForm Form { get; }

    /// <summary>hw_breakpoint_lock.</summary>
    public RawSpinLock Lock { get; }

    /// <summary>hbp_kernel_pos: the lowest register of the kernel, 4 if it has none.</summary>
    public SharedCell<int> Position { get; }

    /// <summary>hbp_kernel[4].</summary>
    public SharedCell<HardwareBreakpoint?>[] Kernel { get; } = new SharedCell<HardwareBreakpoint?>[RegisterCount];

    /// <summary>hbp_user_refcount[4]: how many threads use each register.</summary>
    public SharedCell<int>[] UserCount { get; } = new SharedCell<int>[RegisterCount];

    /// <summary>this_hbp_kernel[4] of a CPU: the table as it is loaded there.</summary>
    public SharedCell<HardwareBreakpoint?>[] Loaded(int cpu) => _loaded[cpu];

    /// <summary>kdr7: what the kernel's breakpoints add to DR7; one for all CPUs as merged.</summary>
    public SharedCell<ulong> Kdr7(int cpu) => _kdr7PerCpu[cpu];

    /// <summary>The debug fields of a thread. Made at the first look: in set-up, if the run is explored.</summary>
    public ThreadBreakpoints Thread(KernelTask task)
    {
        while (_threads.Count < task.Pid)
        {
            _threads.Add(null);
        }

        return _threads[task.Pid - 1] ??= new ThreadBreakpoints(_kernel, task.Name, task);
    }

    /// <summary>Those of <c>current</c> on a CPU.</summary>
    public ThreadBreakpoints Current(KernelCpu cpu) => cpu.Current is { } task ? Thread(task) : _idle[cpu.Number];

    /// <summary>Takes <see cref="Lock"/>.</summary>
    public ValueTask Enter(KernelContext c)
    {
        c.Line(Form.LocksWithSoftirqsOn ? "spin_lock(&hw_breakpoint_lock);" : "spin_lock_bh(&hw_breakpoint_lock);");
        return Form.LocksWithSoftirqsOn ? Lock.Lock(c) : Lock.LockBh(c);
    }

    /// <summary>Releases <see cref="Lock"/>.</summary>
    public ValueTask Leave(KernelContext c)
    {
        c.Line(Form.LocksWithSoftirqsOn ? "spin_unlock(&hw_breakpoint_lock);" : "spin_unlock_bh(&hw_breakpoint_lock);");
        return Form.LocksWithSoftirqsOn ? Lock.Unlock(c) : Lock.UnlockBh(c);
    }
}
