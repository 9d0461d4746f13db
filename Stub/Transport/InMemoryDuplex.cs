using System.IO.Pipelines;

namespace KgdbSim.Stub.Transport;

/// <summary>Two ends joined in memory: what one writes, the other reads.</summary>
/// <remarks>
/// Does what Nerdbank.Streams' <c>FullDuplexStream.CreatePipePair</c> does; that package is not everywhere to be had. Kept
/// apart and this small so that it can be swapped in.
/// </remarks>
public static class InMemoryDuplex
{
    /// <summary>Creates the two ends. Completing an end's output is the end of the other's input.</summary>
    public static (IDuplexPipe First, IDuplexPipe Second) CreatePair()
    {
        // Never paused: a debugger that does not read its replies must not stop the machine's thread in a flush.
        PipeOptions options = new(pauseWriterThreshold: 0, useSynchronizationContext: false);
        Pipe forth = new(options);
        Pipe back = new(options);
        return (new DuplexPipe(back.Reader, forth.Writer), new DuplexPipe(forth.Reader, back.Writer));
    }
}
