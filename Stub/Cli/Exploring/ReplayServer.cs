using System.Runtime.InteropServices;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Transport;

namespace KgdbSim.Cli.Exploring;

/// <summary>Holds a replayed run for debuggers until a signal ends the program.</summary>
internal static class ReplayServer
{
    /// <summary>Serves; returns when it is over.</summary>
    /// <param name="incident">The run.</param>
    /// <param name="address">Where.</param>
    /// <param name="output">Receives the line that says that debuggers can come.</param>
    /// <exception cref="UsageException">It cannot be listened there.</exception>
    public static void Serve(Incident incident, ListenAddress address, TextWriter output)
    {
        ReplayTarget target = new(incident);
        MachineControl control = new(target) { FocusCpu = target.FocusCpu };
        using IConnectionSource source = Listening.Open(address, out string where);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Listening.Announce(where, output);
        new MachineHost(control, source, new ServeOptions
        {
            Once = address.Kind == ListenKind.Stdio,
            Commands = [new ScheduleCommand(incident), new CellsCommand(incident)],
        }).Run();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            source.Dispose();
        }
    }
}
