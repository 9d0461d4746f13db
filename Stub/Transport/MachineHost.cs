using System.IO.Pipelines;
using KgdbSim.Stub.Monitor;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Transport;

/// <summary>
/// Owns a machine's thread: runs the machine while nobody debugs it, serves one debugger after the other, and keeps the
/// machine as the last one left it.
/// </summary>
/// <remarks>
/// A debugger that detaches lets the machine run on. One whose connection is cut leaves it as it is, as gdb's
/// <c>disconnect</c> promises: standing if it stood; if it ran, it runs to the next stop and waits there.
/// </remarks>
internal sealed class MachineHost
{
    private readonly MachineControl _control;
    private readonly IConnectionSource _source;
    private readonly ServeOptions _options;
    private readonly SliceRunner _runner;
    private readonly MonitorCommands _monitor;

    /// <summary>A machine and where its debuggers come from.</summary>
    public MachineHost(MachineControl control, IConnectionSource source, ServeOptions options)
    {
        _control = control;
        _source = source;
        _options = options;
        _monitor = MonitorCommands.For(control.Target, options.Commands);
        _runner = new SliceRunner(control, options.Console, options.Time);
    }

    /// <summary>Serves until the source is closed, or, if so asked, until the first debugger has left.</summary>
    public void Run()
    {
        while (!_source.IsClosed)
        {
            // A machine in which nothing can happen is not worth the host's time.
            bool runs = _control is { Phase: MachinePhase.Running, IsIdle: false };
            Connection? connection = runs ? _source.TryTake() : _source.Take();
            if (connection is null)
            {
                if (runs)
                {
                    _runner.Run(null);
                }

                continue;
            }

            try
            {
                Serve(connection);
            }
            finally
            {
                _source.Leave(connection);
            }

            if (_options.Once)
            {
                return;
            }
        }
    }

    private void Serve(Connection connection)
    {
        _options.Trace?.Note($"{connection.Peer} connected");
        if (WaitForFirstByte(connection.Pipe.Input))
        {
            Halt();
            if (_control is { Phase: MachinePhase.Exited, ExitSeen: true })
            {
                // The end was told to the debugger before this one; this one comes to debug the program again.
                _control.TryRestart();
            }

            GdbSession session = new(_control, connection.Pipe.Output, _monitor, _options.Trace);
            SessionLoop loop = new(_runner, session, connection.Pipe, _options.ConsoleInGdb);
            loop.RunAsync().AsTask().GetAwaiter().GetResult();
        }

        _options.Trace?.Note($"{connection.Peer} left");
    }

    /// <summary>
    /// A running machine runs on until the debugger says something: who only knocks, like a port scanner, does not disturb
    /// it. False if it went without a word.
    /// </summary>
    private bool WaitForFirstByte(PipeReader input)
    {
        ReadResult received;
        while (!input.TryRead(out received))
        {
            if (_control is { Phase: MachinePhase.Running, IsIdle: false })
            {
                _runner.Run(null);
            }
            else
            {
                received = input.ReadAsync().AsTask().GetAwaiter().GetResult();
                break;
            }
        }

        bool spoke = !received.Buffer.IsEmpty && !received.IsCanceled;
        input.AdvanceTo(received.Buffer.Start);
        return spoke;
    }

    /// <summary>Brings a running machine to stand; if it stops for a reason of its own, that is what is told first.</summary>
    private void Halt()
    {
        if (_control.Phase != MachinePhase.Running)
        {
            return;
        }

        _control.RequestHalt();
        while (_control.Phase == MachinePhase.Running)
        {
            _runner.Run(null);
        }
    }
}
