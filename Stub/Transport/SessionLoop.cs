using System.IO.Pipelines;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Transport;

/// <summary>
/// Drives a session over a pipe: gives it bytes, runs the slices it asks for, looks for Ctrl-C between them, and sends
/// what it writes in batches. Over a <see cref="SocketReader"/> every await is complete at once and the loop is a plain
/// blocking one.
/// </summary>
/// <param name="runner">Runs the machine.</param>
/// <param name="session">The session.</param>
/// <param name="pipe">The debugger.</param>
/// <param name="showConsole">Whether gdb shows what the guest prints.</param>
internal sealed class SessionLoop(SliceRunner runner, GdbSession session, IDuplexPipe pipe, bool showConsole)
{
    /// <summary>Serves the debugger until it leaves or its connection ends, however that happens.</summary>
    public async ValueTask RunAsync(CancellationToken cancellation = default)
    {
        bool connected = true;
        while (connected)
        {
            switch (session.Demand)
            {
                case SessionDemand.Input:
                    connected = await FlushAsync(cancellation) && Take(await pipe.Input.ReadAsync(cancellation));
                    break;
                case SessionDemand.Run:
                    connected = await FlushAsync(cancellation);
                    RunResult result = runner.Run(showConsole ? session : null);
                    session.SliceEnded(result);

                    // A step is over here: the debugger has not spoken, since it waits for the answer.
                    if (connected && session.Demand == SessionDemand.Run && pipe.Input.TryRead(out ReadResult received))
                    {
                        connected = Take(received);
                    }

                    break;
                case SessionDemand.Close:
                    connected = false;
                    break;
            }
        }

        // Also when the debugger has closed its direction: it may still read, as a script through a pipe does.
        await FlushAsync(cancellation);
    }

    /// <summary>Gives the session what arrived; false at the end of the stream.</summary>
    private bool Take(ReadResult received)
    {
        session.Receive(received.Buffer, out SequencePosition consumed, out SequencePosition examined);
        pipe.Input.AdvanceTo(consumed, examined);
        return !received.IsCompleted && !received.IsCanceled;
    }

    /// <summary>Sends what was written, if anything was; false if nobody is there to read it.</summary>
    private async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        if (pipe.Output.UnflushedBytes == 0)
        {
            return true;
        }

        FlushResult result = await pipe.Output.FlushAsync(cancellation);
        return !result.IsCompleted;
    }
}
