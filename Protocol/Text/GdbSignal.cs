namespace KgdbSim.Protocol.Text;

/// <summary>
/// Signal numbers as the protocol has them: GDB's own, fixed in <c>include/gdb/signals.def</c>, which agree with
/// Linux's only in part.
/// </summary>
public enum GdbSignal : byte
{
    /// <summary>No signal.</summary>
    None = 0,

    /// <summary>SIGHUP.</summary>
    Hangup = 1,

    /// <summary>SIGINT: the debugger's interrupt.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT.</summary>
    Quit = 3,

    /// <summary>SIGILL: #UD.</summary>
    IllegalInstruction = 4,

    /// <summary>SIGTRAP: breakpoint, watchpoint, step.</summary>
    Trap = 5,

    /// <summary>SIGABRT: double fault, shutdown.</summary>
    Abort = 6,

    /// <summary>SIGFPE: #DE, #MF, #XM.</summary>
    ArithmeticException = 8,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGBUS: #AC, #MC, #NP, #SS.</summary>
    BusError = 10,

    /// <summary>SIGSEGV: #PF, #GP.</summary>
    SegmentationFault = 11,

    /// <summary>SIGALRM.</summary>
    Alarm = 14,

    /// <summary>SIGTERM.</summary>
    Terminated = 15,

    /// <summary>SIGSTOP.</summary>
    Stop = 17,

    /// <summary>SIGCHLD.</summary>
    Child = 20,
}
