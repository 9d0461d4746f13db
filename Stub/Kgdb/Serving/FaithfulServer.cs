using System.Buffers;
using System.IO.Pipelines;
using KgdbSim.Stub.Transport;

namespace KgdbSim.Stub.Kgdb.Serving;

/// <summary>
/// A connection as the other end of the serial line: who comes finds kgdb as it is, who goes leaves it so, and what it says to nobody is
/// lost.
/// </summary>
internal sealed class FaithfulServer(FaithfulMachine machine, IConnectionSource source, ServeOptions options)
{
    private readonly SliceBudget _budget = new(options.Time);

    /// <summary>Serves until the source is closed, the machine is over or, if so asked, the first client has left.</summary>
    public void Run()
    {
        while (!source.IsClosed && !machine.IsOver)
        {
            bool runs = !machine.WaitsForBytes && !machine.IsIdle;
            Connection? connection = runs ? source.TryTake() : source.Take();
            if (connection is null)
            {
                RunSlice(runs);
                machine.Sent();
                continue;
            }

            options.Trace?.Note($"{connection.Peer} is here");
            try
            {
                Serve(connection.Pipe);
            }
            finally
            {
                source.Leave(connection);
                options.Trace?.Note($"{connection.Peer} has left");
            }

            if (options.Once)
            {
                return;
            }
        }
    }

    private void Serve(IDuplexPipe pipe)
    {
        bool connected = true;
        while (connected && !machine.IsOver)
        {
            connected = Flush(pipe.Output);
            if (machine.WaitsForBytes || machine.IsIdle)
            {
                connected &= Take(pipe.Input, pipe.Input.ReadAsync().AsTask().GetAwaiter().GetResult());
                RunSlice(machine.IsIdle);
                continue;
            }

            RunSlice(true);
            if (pipe.Input.TryRead(out ReadResult received))
            {
                connected &= Take(pipe.Input, received);
            }
        }

        Flush(pipe.Output);
    }

    private bool Take(PipeReader input, ReadResult received)
    {
        foreach (ReadOnlyMemory<byte> part in received.Buffer)
        {
            machine.Receive(part.Span);
        }

        input.AdvanceTo(received.Buffer.End);
        return !received.IsCompleted && !received.IsCanceled;
    }

    private bool Flush(PipeWriter output)
    {
        if (machine.Output.IsEmpty)
        {
            return true;
        }

        output.Write(machine.Output);
        machine.Sent();
        return !output.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted;
    }

    private void RunSlice(bool runs)
    {
        if (runs)
        {
            _budget.Begin();
            machine.Run(_budget.Steps);
            _budget.Spent();
            machine.Print(options.Console);
        }
    }
}
