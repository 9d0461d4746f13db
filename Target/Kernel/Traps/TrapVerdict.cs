namespace KgdbSim.Target.Kernel.Traps;

/// <summary>How a trap ended.</summary>
internal enum TrapVerdict : byte
{
    /// <summary>Its handler has not returned yet.</summary>
    Pending,

    /// <summary>Somebody's; execution goes on.</summary>
    Consumed,

    /// <summary>Nobody's, and execution goes on all the same: a debug exception without a cause, or whose causes are leftovers.</summary>
    Ignored,

    /// <summary>The task has got a signal.</summary>
    Signal,

    /// <summary>Nobody's, in the kernel: die().</summary>
    Oops,

    /// <summary>An NMI while one is being handled: remembered, handled after it (nmi_state LATCHED).</summary>
    Latched,
}

/// <summary>What kind of trap it was.</summary>
internal enum TrapKind : byte
{
    /// <summary>#BP.</summary>
    Int3,

    /// <summary>#DB.</summary>
    Debug,

    /// <summary>NMI.</summary>
    Nmi,

    /// <summary>A fault of the kernel that ended in die().</summary>
    Oops,
}
