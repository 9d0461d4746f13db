using System.Buffers;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Transport;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Tracing;

namespace KgdbSim.Stub.Kgdb.Serving;

/// <summary>A simulation whose traps are Linux 6.1's, with that kernel's kgdb and all its defects behind one serial line.</summary>
internal sealed class FaithfulMachine
{
    /// <summary>SYS_POWER_OFF, which the reboot notifier is called with.</summary>
    private const byte PowerOff = 3;

    private readonly Simulation _simulation;
    private readonly ArrayBufferWriter<byte> _wire = new();
    private readonly List<byte> _uart = [];
    private readonly FaithfulKgdb _kgdb;
    private readonly CpuOrder[] _orders;
    private readonly List<CpuStop> _stops = [];
    private WireTap? _tap;

    /// <param name="simulation">Bare metal (kernel "none") with a guest loaded.</param>
    /// <param name="stops">The kernel calls kgdb before the guest executes anything, as with kgdbwait.</param>
    /// <param name="defects">Whose kgdb.</param>
    /// <param name="hasKdb">The kernel has kdb too, which comes first.</param>
    public FaithfulMachine(Simulation simulation, bool stops, KgdbDefects defects = KgdbDefects.Faithful61, bool hasKdb = false)
    {
        _simulation = simulation;
        _orders = new CpuOrder[simulation.CpuCount];
        Array.Fill(_orders, new CpuOrder(CpuDrive.Continue));
        _kgdb = new FaithfulKgdb(
            simulation.Machine, new FaithfulOptions { Defects = defects, HasKdb = hasKdb }, new SimulatedGuest(simulation.Machine), _wire);
        simulation.Runner.Kernel = _kgdb.Host;
        if (stops)
        {
            _kgdb.Host.UpdateOnline();
            _kgdb.Request(0);
        }
    }

    /// <summary>The machine has ended, or was restarted by the debugger: nothing follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Only bytes from outside make anything happen.</summary>
    public bool WaitsForBytes => _kgdb.Stub.Listens || IsOver;

    /// <summary>Nothing runs, and nobody is stopped: only an interrupt that never comes would change that.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>What the stub has sent; <see cref="Sent"/> says that it has gone.</summary>
    public ReadOnlySpan<byte> Output => _wire.WrittenSpan;

    public void Sent()
    {
        _tap?.Sent(_wire.WrittenSpan);
        _wire.ResetWrittenCount();
    }

    /// <summary>From now on every packet is told.</summary>
    public void Tell(IWireTrace trace) => _tap = new WireTap(trace);

    /// <summary>From now on what the kernel does is recorded.</summary>
    public void Record(TraceRing ring) => _kgdb.Trace = new KernelTrace(_kgdb.Host, _kgdb.Traps, ring);

    /// <summary>What the guest has printed; the sink may be missing.</summary>
    public void Print(ConsoleSink? sink)
    {
        if (!_simulation.Machine.Console.Pending.IsEmpty)
        {
            sink?.Invoke(_simulation.Machine.Console.Pending);
            _simulation.Machine.Console.Discard();
        }
    }

    /// <summary>Bytes arrive at the serial line. While the kernel runs they stay there.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _tap?.Received(bytes);
        _uart.AddRange(bytes);
        Listen();
    }

    /// <summary>Runs the machine until the debugger waits for bytes, or the steps are used up.</summary>
    public void Run(long steps)
    {
        Listen();
        if (WaitsForBytes)
        {
            return;
        }

        _stops.Clear();
        MachineRunEnd end = _simulation.Runner.Run(_orders, steps, _stops);
        IsIdle = end == MachineRunEnd.Idle;
        if (end is MachineRunEnd.Exited or MachineRunEnd.Stopped && !_kgdb.IsStopped)
        {
            _kgdb.Stub.Exit(PowerOff);
            IsOver = true;
        }

        Listen();
    }

    private void Listen()
    {
        KgdbSerialStub stub = _kgdb.Stub;
        while (stub.Listens && _uart.Count > 0)
        {
            int read = stub.Receive([.. _uart]);
            _uart.RemoveRange(0, read);
            if (stub.Listens || !_kgdb.IsStopped)
            {
                continue;
            }

            if (stub.Demand is StubDemand.Resume or StubDemand.ResumeAndPass)
            {
                _kgdb.Leave();
            }
            else
            {
                IsOver = true;
            }
        }
    }
}
