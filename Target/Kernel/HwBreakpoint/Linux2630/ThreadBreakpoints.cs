using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>The debug fields of one thread (struct thread_struct), and TIF_DEBUG.</summary>
internal sealed class ThreadBreakpoints
{
    public const int RegisterCount = 4;

    private static readonly ulong[] Masks = [0x000F0003, 0x00F0000C, 0x0F000030, 0xF00000C0];

    /// <param name="kernel">Where.</param>
    /// <param name="name">What its cells are called after.</param>
    /// <param name="task">Whose; null: a CPU's idle thread, or one that is no more.</param>
    /// <param name="debug">What the trap handlers keep of it; null: those of <paramref name="task"/>, or nothing that they see.</param>
    public ThreadBreakpoints(KernelModel kernel, string name, KernelTask? task, TaskDebugState? debug = null)
    {
        World world = kernel.World;
        Task = task;
        for (int i = 0; i < RegisterCount; i++)
        {
            Breakpoints[i] = world.Cell<HardwareBreakpoint?>($"{name}.hbp[{i}]", null);
            Addresses[i] = world.Cell($"{name}.debugreg[{i}]", 0UL);
        }

        DebugReg6 = (debug ?? task?.Debug)?.VirtualDr6 ?? world.Cell($"{name}.debugreg6", 0UL);
        DebugReg7 = world.Cell($"{name}.debugreg7", 0UL);
        PtraceDr7 = world.Cell($"{name}.ptrace_dr7", 0UL);
        HasBreakpoints = world.Cell($"{name}.TIF_DEBUG", false);
        Signals = world.Cell($"{name}.SIGTRAP", 0);
    }

    /// <summary>Whose; null for a CPU's idle thread.</summary>
    public KernelTask? Task { get; }

    /// <summary>thread.hbp[4].</summary>
    public SharedCell<HardwareBreakpoint?>[] Breakpoints { get; } = new SharedCell<HardwareBreakpoint?>[RegisterCount];

    /// <summary>thread.debugreg[4].</summary>
    public SharedCell<ulong>[] Addresses { get; } = new SharedCell<ulong>[RegisterCount];

    /// <summary>thread.debugreg6: the virtual DR6.</summary>
    public SharedCell<ulong> DebugReg6 { get; }

    /// <summary>thread.debugreg7: what this thread adds to DR7.</summary>
    public SharedCell<ulong> DebugReg7 { get; }

    /// <summary>The DR7 its tracer last wrote and reads back.</summary>
    public SharedCell<ulong> PtraceDr7 { get; }

    /// <summary>TIF_DEBUG: it has a breakpoint.</summary>
    public SharedCell<bool> HasBreakpoints { get; }

    /// <summary>How many SIGTRAP it was sent.</summary>
    public SharedCell<int> Signals { get; }

    /// <summary>The DR7 bits of register <paramref name="i"/>.</summary>
    public static ulong Mask(int i) => Masks[i];
}
