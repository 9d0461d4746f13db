namespace KgdbSim.Protocol.Replies;

/// <summary>
/// Names of what a stub can announce in its answer to <c>qSupported</c> (GDB manual, "General Query Packets").
/// </summary>
public static class StubFeature
{
    /// <summary>The longest packet accepted; the only one that carries a value.</summary>
    public const string PacketSize = "PacketSize";

    /// <summary>Thread ids with a process.</summary>
    public const string Multiprocess = "multiprocess";

    /// <summary>
    /// Stops by a software breakpoint are marked, and the program counter already points at the instruction.
    /// </summary>
    public const string SoftwareBreak = "swbreak";

    /// <summary>Stops by a hardware breakpoint are marked.</summary>
    public const string HardwareBreak = "hwbreak";

    /// <summary>The stop reply <c>N</c> may come.</summary>
    public const string NoResumed = "no-resumed";

    /// <summary>Errors come as texts.</summary>
    public const string ErrorMessage = "error-message";

    /// <summary><c>vCont?</c> and <c>vCont</c>.</summary>
    public const string VCont = "vContSupported";

    /// <summary>Acknowledgements can be switched off.</summary>
    public const string StartNoAckMode = "QStartNoAckMode";

    /// <summary>Signals that need not stop can be listed.</summary>
    public const string PassSignals = "QPassSignals";

    /// <summary>Thread creation and exit can be reported.</summary>
    public const string ThreadEvents = "QThreadEvents";

    /// <summary>Breakpoints may carry conditions.</summary>
    public const string ConditionalBreakpoints = "ConditionalBreakpoints";

    /// <summary>Breakpoints may carry commands.</summary>
    public const string BreakpointCommands = "BreakpointCommands";

    /// <summary>Packet <c>bc</c>.</summary>
    public const string ReverseContinue = "ReverseContinue";

    /// <summary>Packet <c>bs</c>.</summary>
    public const string ReverseStep = "ReverseStep";

    /// <summary>Packet <c>x</c>, in the form whose data follow a <c>b</c>.</summary>
    public const string BinaryUpload = "binary-upload";

    /// <summary>The target description can be read.</summary>
    public const string XferFeatures = "qXfer:features:read";

    /// <summary>The thread list can be read as XML.</summary>
    public const string XferThreads = "qXfer:threads:read";

    /// <summary>The memory map can be read.</summary>
    public const string XferMemoryMap = "qXfer:memory-map:read";

    /// <summary>The name of the executable can be read.</summary>
    public const string XferExecFile = "qXfer:exec-file:read";
}
