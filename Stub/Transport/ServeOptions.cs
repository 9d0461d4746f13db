using KgdbSim.Stub.Monitor;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Transport;

/// <summary>How a machine is served.</summary>
internal sealed record ServeOptions
{
    /// <summary>Whether serving ends when the first debugger leaves.</summary>
    public bool Once { get; init; }

    /// <summary>Whether gdb, not <see cref="Console"/>, shows what the guest prints while it waits for a stop.</summary>
    public bool ConsoleInGdb { get; init; }

    /// <summary>Where the guest's output goes; null throws it away.</summary>
    public ConsoleSink? Console { get; init; }

    /// <summary>Sees every packet; may be missing.</summary>
    public IWireTrace? Trace { get; init; }

    /// <summary>Monitor commands besides those that every machine has.</summary>
    public IReadOnlyList<IMonitorCommand> Commands { get; init; } = [];

    /// <summary>Measures slices of a run.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
