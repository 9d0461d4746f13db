using System.IO.Pipelines;

namespace KgdbSim.Stub.Transport;

/// <summary>A reader and a writer put together.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    /// <inheritdoc/>
    public PipeReader Input { get; } = input;

    /// <inheritdoc/>
    public PipeWriter Output { get; } = output;
}
