namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Whether a qRcmd printed anything, in the recording and here.</summary>
internal sealed class CommandOutput
{
    /// <summary>The last packet was a qRcmd whose final reply is still to come.</summary>
    public bool IsOpen { get; private set; }

    public bool WasRecorded { get; set; }

    public bool Came { get; set; }

    /// <summary>A packet is sent.</summary>
    public void Begin(string payload)
    {
        IsOpen = payload.StartsWith("qRcmd,", StringComparison.Ordinal);
        WasRecorded = Came = false;
    }

    /// <summary>The final reply has come.</summary>
    /// <returns>What was recorded and what came, if they differ.</returns>
    public (string Recorded, string Came)? End()
    {
        IsOpen = false;
        return WasRecorded == Came ? null : (Describe(WasRecorded), Describe(Came));
    }

    private static string Describe(bool text) => text ? "text before the reply" : "no text before the reply";
}
