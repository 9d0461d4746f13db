using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>Whoever plays the debugger while the machine is stopped: a scenario's script, a stub with gdb behind it.</summary>
internal interface IKgdbSession
{
    /// <summary>
    /// The command loop (gdb_serial_stub): runs on the master while all other CPUs wait. It may change registers, memory and
    /// breakpoints, and may take any number of steps, or wait.
    /// </summary>
    ValueTask<KgdbSessionResult> Run(KernelContext c, KgdbState state);

    /// <summary>The I/O driver's post_exception: after the software breakpoints are back in memory, before the slaves go.</summary>
    ValueTask AfterActivation(KernelContext c) => ValueTask.CompletedTask;
}

/// <summary>How a session ends.</summary>
internal enum KgdbAction : byte
{
    /// <summary>'c'.</summary>
    Continue,

    /// <summary>'s'.</summary>
    Step,

    /// <summary>'D', 'k': all breakpoints are removed, nobody is connected any more.</summary>
    Detach,

    /// <summary>'C09': the kernel handles the exception itself.</summary>
    Pass,

    /// <summary>'C15': as 'D', and the kernel handles the exception itself.</summary>
    PassAndDetach,

    /// <summary>Another CPU runs the command loop (DBG_SWITCH_CPU_EVENT); only a kernel with kdb does that.</summary>
    SwitchCpu,

    /// <summary>The session has done by itself whatever its last packet asked for; only the exception is to be passed on or not.</summary>
    Left,
}

/// <summary>What the session wants to happen.</summary>
/// <param name="Action">How it ends.</param>
/// <param name="Address">Where to go on, or null: where it was.</param>
/// <param name="Value">
/// For <see cref="KgdbAction.SwitchCpu"/> the CPU, for <see cref="KgdbAction.Left"/> the stub's result: 0, or 1 to pass on.
/// </param>
internal readonly record struct KgdbSessionResult(KgdbAction Action, ulong? Address = null, int Value = 0)
{
    public static KgdbSessionResult Continue { get; } = new(KgdbAction.Continue);

    public static KgdbSessionResult Step { get; } = new(KgdbAction.Step);

    public static KgdbSessionResult Detach { get; } = new(KgdbAction.Detach);

    public static KgdbSessionResult Pass { get; } = new(KgdbAction.Pass);
}
