using System.IO.Pipelines;

namespace KgdbSim.Stub.Transport;

/// <summary>One debugger's connection, whatever it runs over.</summary>
/// <param name="pipe">The bytes.</param>
/// <param name="peer">Who is there, for messages.</param>
/// <param name="close">Ends the connection from any thread: a blocked read returns with the end of the stream.</param>
internal sealed class Connection(IDuplexPipe pipe, string peer, Action close) : IDisposable
{
    /// <summary>The bytes in both directions.</summary>
    public IDuplexPipe Pipe { get; } = pipe;

    /// <summary>Who is there, for messages.</summary>
    public string Peer { get; } = peer;

    /// <inheritdoc/>
    public void Dispose() => close();
}
