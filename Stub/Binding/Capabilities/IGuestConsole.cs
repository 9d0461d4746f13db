namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>What the guest printed and nobody took yet.</summary>
internal interface IGuestConsole
{
    /// <summary>The bytes not yet taken.</summary>
    ReadOnlySpan<byte> Pending { get; }

    /// <summary>Takes all pending bytes away.</summary>
    void Discard();
}
