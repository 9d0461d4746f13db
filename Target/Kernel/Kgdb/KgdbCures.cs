namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>Parts of kgdb that cure a race or a recursion, each of which can be taken out to see what it is there for.</summary>
[Flags]
internal enum KgdbCures
{
    None = 0,

    /// <summary>kgdb_disable_hw_debug: DR7 is off on every CPU that enters.</summary>
    DisableOnEntry = 1 << 0,

    /// <summary>kgdb_skipexception: an int3 that has been removed since is executed as what it replaced.</summary>
    SkipRemoved = 1 << 1,

    /// <summary>kgdb_reenter_check.</summary>
    ReentryGuard = 1 << 2,

    /// <summary>Installing copies type and length, too, from breakinfo into the event.</summary>
    CopyAllFields = 1 << 3,

    /// <summary>single_step_cont: a step that arrives in user mode is ended there.</summary>
    EndStepInUserMode = 1 << 4,

    /// <summary>A stopped thread that somebody else steps (TIF_SINGLESTEP) isn't kgdb's.</summary>
    LeaveSteppedTasks = 1 << 5,
}
