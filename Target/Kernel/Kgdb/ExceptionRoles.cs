namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What a CPU wants in the debugger (exception_state: DCPU_*).</summary>
[Flags]
internal enum ExceptionRoles : byte
{
    None = 0,

    /// <summary>It has trapped and wants a session.</summary>
    WantMaster = 1,

    /// <summary>The master hands over to it.</summary>
    NextMaster = 2,

    /// <summary>It was rounded up.</summary>
    IsSlave = 4,

    /// <summary>The master wants its backtrace.</summary>
    WantBacktrace = 8,
}
