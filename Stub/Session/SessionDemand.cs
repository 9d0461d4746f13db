namespace KgdbSim.Stub.Session;

/// <summary>What a session wants from the loop around it.</summary>
internal enum SessionDemand : byte
{
    /// <summary>Bytes from the debugger; until then there is nothing to do.</summary>
    Input,

    /// <summary>A slice of the run; bytes from the debugger are welcome between slices.</summary>
    Run,

    /// <summary>The end of the connection, after what was written has been sent.</summary>
    Close,
}
