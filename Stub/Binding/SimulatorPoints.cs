using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Cpu.Debugging;
using WatchKind = KgdbSim.Protocol.Replies.WatchKind;

namespace KgdbSim.Stub.Binding;

/// <summary>
/// The debugger's points in a simulated machine. The machine knows one kind of execution breakpoint; which packet it came
/// with, Z0 or Z1, is remembered here, as gdb wants it told apart again at the stop.
/// </summary>
internal sealed class SimulatorPoints : IBreakpoints, IWatchpoints
{
    /// <summary>The longest range that can be watched, in bytes: a gdb that asks for more means something else.</summary>
    private const ulong LengthMax = 1 << 20;

    private readonly HashSet<ulong> _software = [];
    private readonly HashSet<ulong> _hardware = [];
    private readonly List<WatchRange> _watches = [];
    private DebuggerPoints? _machine;

    /// <summary>What kind of stop a watch causes.</summary>
    public static StopKind KindOf(WatchRange range) => range.Kind switch
    {
        Target.Cpu.Debugging.WatchKind.Write => StopKind.WriteWatch,
        Target.Cpu.Debugging.WatchKind.Read => StopKind.ReadWatch,
        _ => StopKind.AccessWatch,
    };

    /// <summary>What kind of stop a breakpoint at this address causes; gdb prefers software ones.</summary>
    public StopKind KindAt(ulong address) =>
        _software.Contains(address) ? StopKind.SoftwareBreakpoint : StopKind.HardwareBreakpoint;

    /// <summary>Puts all points into a machine that is to have them from now on.</summary>
    public void MoveTo(DebuggerPoints machine)
    {
        _machine = machine;
        foreach (ulong address in _software.Concat(_hardware).Order())
        {
            machine.InsertBreakpoint(address);
        }

        _watches.ForEach(machine.InsertWatch);
    }

    /// <inheritdoc/>
    public PointResult Insert(bool hardware, ulong address)
    {
        if (SetOf(hardware).Add(address))
        {
            _machine?.InsertBreakpoint(address);
        }

        return PointResult.Done;
    }

    /// <inheritdoc/>
    public PointResult Remove(bool hardware, ulong address)
    {
        if (SetOf(hardware).Remove(address))
        {
            _machine?.RemoveBreakpoint(address);
        }

        return PointResult.Done;
    }

    /// <inheritdoc/>
    public bool Contains(bool hardware, ulong address) => SetOf(hardware).Contains(address);

    /// <inheritdoc/>
    public PointResult Insert(WatchKind kind, ulong address, ulong length)
    {
        if (length > LengthMax)
        {
            return PointResult.BadLength;
        }

        if (address > ulong.MaxValue - (length - 1))
        {
            return PointResult.BadAddress;
        }

        WatchRange range = RangeOf(kind, address, length);
        if (!_watches.Contains(range))
        {
            _watches.Add(range);
            _machine?.InsertWatch(range);
        }

        return PointResult.Done;
    }

    /// <inheritdoc/>
    public PointResult Remove(WatchKind kind, ulong address, ulong length)
    {
        WatchRange range = RangeOf(kind, address, length);
        if (_watches.Remove(range))
        {
            _machine?.RemoveWatch(range);
        }

        return PointResult.Done;
    }

    /// <inheritdoc/>
    public bool Covers(WatchKind kind, ulong address)
    {
        foreach (WatchRange range in _watches)
        {
            if (range.Kind == KindOf(kind) && address >= range.Start && address <= range.Last)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        // One by one: a machine that is embedded in a program may have points of that program's own.
        foreach (ulong address in _software.Concat(_hardware).Order())
        {
            _machine?.RemoveBreakpoint(address);
        }

        _watches.ForEach(range => _machine?.RemoveWatch(range));
        _software.Clear();
        _hardware.Clear();
        _watches.Clear();
    }

    private static WatchRange RangeOf(WatchKind kind, ulong address, ulong length) =>
        new(address, address + (length - 1), KindOf(kind));

    private static Target.Cpu.Debugging.WatchKind KindOf(WatchKind kind) => kind switch
    {
        WatchKind.Write => Target.Cpu.Debugging.WatchKind.Write,
        WatchKind.Read => Target.Cpu.Debugging.WatchKind.Read,
        _ => Target.Cpu.Debugging.WatchKind.Access,
    };

    private HashSet<ulong> SetOf(bool hardware) => hardware ? _hardware : _software;
}
