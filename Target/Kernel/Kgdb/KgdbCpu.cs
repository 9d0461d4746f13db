using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What the debugger knows of one CPU (struct debuggerinfo_struct, kgdb_info[cpu]).</summary>
internal sealed class KgdbCpu
{
    public KgdbCpu(KernelModel kernel, int number)
    {
        World world = kernel.World;
        Number = number;
        Roles = world.Cell($"C{number}.exception_state", ExceptionRoles.None);
        EnterCount = world.Cell($"C{number}.enter_kgdb", 0);
        Registers = world.Cell<KernelRegisters?>($"C{number}.debuggerinfo", null);
        Pid = world.Cell($"C{number}.debugger_pid", 0);
        WasInDebugNmi = world.Cell($"C{number}.was_in_debug_nmi", false);
        ReceivedHwBrk = world.Cell($"C{number}.recieved_hw_brk", false);
    }

    public int Number { get; }

    public SharedCell<ExceptionRoles> Roles { get; }

    /// <summary>How many times it has entered and not left.</summary>
    public SharedCell<int> EnterCount { get; }

    /// <summary>What was interrupted there; null while it isn't in the debugger.</summary>
    public SharedCell<KernelRegisters?> Registers { get; }

    /// <summary>Process id of the task that was interrupted there: 0 for the idle task, and while it isn't in the debugger.</summary>
    public SharedCell<int> Pid { get; }

    /// <summary>The task itself; null for the idle task. Changed with <see cref="Pid"/>.</summary>
    public KernelTask? Task { get; set; }

    /// <summary>Its next unexplained NMI is swallowed: it is the second of two that came as one.</summary>
    public SharedCell<bool> WasInDebugNmi { get; }

    /// <summary>recieved_hw_brk[cpu] of the form posted in January 2010: the hit has had its session in the overflow callback.</summary>
    public SharedCell<bool> ReceivedHwBrk { get; }

    /// <summary>How often it has dumped its stack for the master.</summary>
    public int BacktraceCount { get; set; }
}
