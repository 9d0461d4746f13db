using System.IO.Pipelines;

namespace KgdbSim.Stub.Transport;

/// <summary>
/// The process's own standard input and output as a connection, for <c>target remote | kgdbsim serve --listen stdio</c>.
/// </summary>
internal static class StdioConnection
{
    /// <summary>Takes both streams over; nothing else may print to standard output from now on.</summary>
    public static Connection Open() => Over(Console.OpenStandardInput(), Console.OpenStandardOutput());

    /// <summary>Joins two streams to a connection.</summary>
    public static Connection Over(Stream input, Stream output)
    {
        // A stream cannot be asked whether a read would block, which looking for Ctrl-C between slices of a run needs: so a
        // thread reads ahead into a pipe.
        Pipe received = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        Thread pump = new(() => Copy(input, received.Writer)) { IsBackground = true, Name = "kgdbsim stdin" };
        pump.Start();
        PipeWriter writer = PipeWriter.Create(output);
        DuplexPipe pipe = new(received.Reader, writer);
        return new Connection(pipe, "standard input", received.Reader.CancelPendingRead, input.Dispose);
    }

    private static void Copy(Stream input, PipeWriter writer)
    {
        try
        {
            while (true)
            {
                int count = input.Read(writer.GetSpan(0x1000));
                if (count == 0)
                {
                    break;
                }

                writer.Advance(count);
                writer.FlushAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // A broken pipe is the end of the stream: the debugger is gone.
        }

        writer.Complete();
    }
}
