namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>How far an event is from counting (enum perf_event_state).</summary>
internal enum PerfEventState
{
    /// <summary>Made for a CPU or pinned, and found no room.</summary>
    Error = -2,

    /// <summary>Disabled. Also what a debugger installs behind perf's back.</summary>
    Off = -1,

    /// <summary>Enabled, but its context doesn't run.</summary>
    Inactive = 0,

    /// <summary>In a debug register.</summary>
    Active = 1,
}
