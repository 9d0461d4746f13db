using KgdbSim.Protocol.Replies;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>Breakpoints and watchpoints as plain lists; hardware breakpoints are scarce, to test being out of them.</summary>
internal sealed class FakePoints : IBreakpoints, IWatchpoints
{
    public const int HardwareMax = 4;

    private readonly List<(bool Hardware, ulong Address)> _breakpoints = [];
    private readonly List<(WatchKind Kind, ulong Address, ulong Length)> _watchpoints = [];

    public int Count => _breakpoints.Count + _watchpoints.Count;

    public PointResult Insert(bool hardware, ulong address)
    {
        if (hardware && !Contains(true, address) && _breakpoints.Count(point => point.Hardware) == HardwareMax)
        {
            return PointResult.NoSlot;
        }

        if (!Contains(hardware, address))
        {
            _breakpoints.Add((hardware, address));
        }

        return PointResult.Done;
    }

    public PointResult Remove(bool hardware, ulong address)
    {
        _breakpoints.Remove((hardware, address));
        return PointResult.Done;
    }

    public bool Contains(bool hardware, ulong address) => _breakpoints.Contains((hardware, address));

    public PointResult Insert(WatchKind kind, ulong address, ulong length)
    {
        if (length > 8)
        {
            return PointResult.BadLength;
        }

        _watchpoints.Add((kind, address, length));
        return PointResult.Done;
    }

    public PointResult Remove(WatchKind kind, ulong address, ulong length)
    {
        _watchpoints.Remove((kind, address, length));
        return PointResult.Done;
    }

    public bool Covers(WatchKind kind, ulong address) =>
        _watchpoints.Any(point => point.Kind == kind && address - point.Address < point.Length);

    public void Clear()
    {
        _breakpoints.Clear();
        _watchpoints.Clear();
    }

    /// <summary>Which kind of stop a deed causes, if any.</summary>
    public StopKind? Watched(Deed deed)
    {
        if (Covers(WatchKind.Access, deed.Argument))
        {
            return StopKind.AccessWatch;
        }

        bool store = deed.Kind == DeedKind.Store;
        bool hit = Covers(store ? WatchKind.Write : WatchKind.Read, deed.Argument);
        return hit ? (store ? StopKind.WriteWatch : StopKind.ReadWatch) : null;
    }
}
