namespace KgdbSim.Target.Cpu.Execute;

/// <summary>How an instruction ended, as its general form tells.</summary>
internal enum StepStatus : byte
{
    /// <summary>Completed; execution goes on behind it.</summary>
    Next,

    /// <summary>Completed; the instruction set RIP.</summary>
    Branch,

    /// <summary>Did not happen: the exception is in <see cref="CpuCore.Pending"/>, RIP is still at the instruction.</summary>
    Fault,

    /// <summary>A string instruction with iterations left: RIP is still at it.</summary>
    Repeat,

    /// <summary>Completed; INT n, INT3, INTO or ICEBP: the event is in <see cref="CpuCore.Pending"/>, to be delivered with the next RIP.</summary>
    SoftwareInterrupt,

    /// <summary>Completed; the processor waits for an event (HLT, MWAIT).</summary>
    Halt,

    /// <summary>Completed; a spin-wait hint: other processors should have a turn.</summary>
    Pause,

    /// <summary>An execution breakpoint stands here; nothing was done.</summary>
    Breakpoint,
}
