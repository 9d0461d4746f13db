namespace KgdbSim.Stub.Session;

/// <summary>Sees every packet as it passes; for a log that a person reads.</summary>
internal interface IWireTrace
{
    /// <summary>The debugger sent a packet.</summary>
    void Received(ReadOnlySpan<byte> payload);

    /// <summary>The stub sent a packet.</summary>
    void Sent(ReadOnlySpan<byte> payload);

    /// <summary>Something else worth a line: a connection, Ctrl-C, a frame that was none.</summary>
    void Note(string text);
}
