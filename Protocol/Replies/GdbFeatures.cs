namespace KgdbSim.Protocol.Replies;

/// <summary>
/// What a debugger says it can do, in <c>qSupported</c> (GDB manual, "General Query Packets", gdbfeature list).
/// </summary>
[Flags]
public enum GdbFeatures
{
    /// <summary>Nothing known.</summary>
    None = 0,

    /// <summary><c>multiprocess+</c>: thread ids may name a process, <c>p1.2</c>.</summary>
    Multiprocess = 1 << 0,

    /// <summary><c>swbreak+</c>: a stop may be marked as a software breakpoint's.</summary>
    SoftwareBreak = 1 << 1,

    /// <summary><c>hwbreak+</c>: a stop may be marked as a hardware breakpoint's.</summary>
    HardwareBreak = 1 << 2,

    /// <summary><c>no-resumed+</c>: the stop reply <c>N</c> is understood.</summary>
    NoResumed = 1 << 3,

    /// <summary><c>error-message+</c>: errors may be texts, <c>E.text</c>, in reply to every packet.</summary>
    ErrorMessage = 1 << 4,

    /// <summary><c>vContSupported+</c>: <c>vCont?</c> will be asked and its answer honoured.</summary>
    VContSupported = 1 << 5,

    /// <summary><c>QThreadEvents+</c>: <c>QThreadEvents</c> may be sent.</summary>
    ThreadEvents = 1 << 6,

    /// <summary><c>xmlRegisters=</c>: a target description is understood.</summary>
    XmlRegisters = 1 << 7,
}
