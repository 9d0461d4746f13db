namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>A task as the packets see it. Two references to one task are the same object.</summary>
internal interface IKgdbTask
{
    /// <summary>The process id; 0 for each CPU's idle task.</summary>
    int Pid { get; }

    /// <summary>comm: at most 15 bytes of name; the packet pads it with NULs to 16.</summary>
    ReadOnlySpan<byte> Name { get; }

    /// <summary>thread.sp of a task that runs nowhere.</summary>
    ulong SavedStackPointer { get; }

    /// <summary>The frame pointer in the switch frame at <see cref="SavedStackPointer"/>.</summary>
    ulong SavedFramePointer { get; }
}
