namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>What became of inserting or removing a breakpoint or watchpoint.</summary>
internal enum PointResult : byte
{
    /// <summary>It is as asked; inserting what is there and removing what is not are no errors.</summary>
    Done,

    /// <summary>There is no room for one more.</summary>
    NoSlot,

    /// <summary>The place is being changed by somebody who must not be waited for.</summary>
    Busy,

    /// <summary>An address of this kind cannot have one.</summary>
    BadAddress,

    /// <summary>A length of this kind cannot be watched.</summary>
    BadLength,

    /// <summary>The address is no multiple of the length, as it must be for the processor to watch these bytes and no others.</summary>
    Unaligned,

    /// <summary>No further breakpoint of any kind is remembered.</summary>
    TableFull,

    /// <summary>The machine has no points of this kind.</summary>
    NotSupported,
}

/// <summary>Execution breakpoints: a CPU stops before it executes an instruction that begins there.</summary>
internal interface IBreakpoints
{
    /// <summary>Inserts one; <paramref name="hardware"/> tells Z1 from Z0. The two kinds are kept apart.</summary>
    PointResult Insert(bool hardware, ulong address);

    /// <summary>Removes one.</summary>
    PointResult Remove(bool hardware, ulong address);

    /// <summary>Whether one is inserted.</summary>
    bool Contains(bool hardware, ulong address);

    /// <summary>Removes all of both kinds.</summary>
    void Clear();
}
