using System.IO.Pipelines;

namespace KgdbSim.Stub.Transport;

/// <summary>One debugger's connection, whatever it runs over.</summary>
/// <param name="pipe">The bytes.</param>
/// <param name="peer">Who is there, for messages.</param>
/// <param name="interrupt">Ends reading from any thread: a read that waits returns at the end of the stream.</param>
/// <param name="close">Ends the connection, once nobody reads or writes any more.</param>
internal sealed class Connection(IDuplexPipe pipe, string peer, Action interrupt, Action close) : IDisposable
{
    /// <summary>The bytes in both directions.</summary>
    public IDuplexPipe Pipe { get; } = pipe;

    /// <summary>Who is there, for messages.</summary>
    public string Peer { get; } = peer;

    /// <summary>Ends reading; from any thread, and without harm also when the connection has ended.</summary>
    public void Interrupt() => interrupt();

    /// <inheritdoc/>
    public void Dispose() => close();
}
