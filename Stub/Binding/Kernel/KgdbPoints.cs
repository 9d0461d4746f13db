using KgdbSim.Protocol.Replies;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Stub.Binding.Kernel;

/// <summary>
/// The debugger's points as kgdb keeps them. Nothing reaches memory or a debug register before the machine is resumed: what is
/// asked for is noted, and slots are reserved on every CPU or on none.
/// </summary>
internal sealed class KgdbPoints(KgdbTarget target) : IBreakpoints, IWatchpoints, ISlotOwners
{
    private readonly HashSet<ulong> _software = [];
    private readonly HashSet<ulong> _hardware = [];
    private readonly HashSet<(WatchKind Kind, ulong Address, ulong Length)> _watches = [];

    private KgdbHost Host => target.Host;

    /// <inheritdoc/>
    public PointResult Insert(bool hardware, ulong address)
    {
        HashSet<ulong> known = hardware ? _hardware : _software;
        if (known.Contains(address))
        {
            return PointResult.Done;
        }

        if (!target.EnsureStopped())
        {
            return PointResult.Busy;
        }

        Errno error = hardware
            ? Host.InsertHardware(address, 1, KgdbBreakpointType.Execute)
            : Host.InsertSoftware(address);
        if (error == Errno.None)
        {
            known.Add(address);
        }

        return ResultOf(error);
    }

    /// <inheritdoc/>
    public PointResult Remove(bool hardware, ulong address)
    {
        HashSet<ulong> known = hardware ? _hardware : _software;
        if (!known.Contains(address))
        {
            return PointResult.Done;
        }

        if (!target.EnsureStopped())
        {
            return PointResult.Busy;
        }

        Errno error = hardware
            ? Host.RemoveHardware(address, 1, KgdbBreakpointType.Execute)
            : Host.RemoveSoftware(address);
        if (error == Errno.None)
        {
            known.Remove(address);
        }

        return ResultOf(error);
    }

    /// <inheritdoc/>
    public bool Contains(bool hardware, ulong address) => (hardware ? _hardware : _software).Contains(address);

    /// <inheritdoc/>
    public PointResult Insert(WatchKind kind, ulong address, ulong length)
    {
        if (kind == WatchKind.Read)
        {
            // The processor has no breakpoint on reads alone (SDM vol. 3, 18.2.4); gdb then says so itself.
            return PointResult.NotSupported;
        }

        if (length is not (1 or 2 or 4 or 8))
        {
            return PointResult.BadLength;
        }

        if (address % length != 0)
        {
            return PointResult.Unaligned;
        }

        if (_watches.Contains((kind, address, length)))
        {
            return PointResult.Done;
        }

        if (!target.EnsureStopped())
        {
            return PointResult.Busy;
        }

        Errno error = Host.InsertHardware(address, (int)length, TypeOf(kind));
        if (error == Errno.None)
        {
            _watches.Add((kind, address, length));
        }

        return ResultOf(error);
    }

    /// <inheritdoc/>
    public PointResult Remove(WatchKind kind, ulong address, ulong length)
    {
        if (!_watches.Contains((kind, address, length)))
        {
            return kind == WatchKind.Read ? PointResult.NotSupported : PointResult.Done;
        }

        if (!target.EnsureStopped())
        {
            return PointResult.Busy;
        }

        Errno error = Host.RemoveHardware(address, (int)length, TypeOf(kind));
        if (error == Errno.None)
        {
            _watches.Remove((kind, address, length));
        }

        return ResultOf(error);
    }

    /// <inheritdoc/>
    public bool Covers(WatchKind kind, ulong address)
    {
        foreach ((WatchKind watched, ulong start, ulong length) in _watches)
        {
            if (watched == kind && address >= start && address - start < length)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        bool any = _software.Count + _hardware.Count + _watches.Count != 0;
        _software.Clear();
        _hardware.Clear();
        _watches.Clear();
        if (any && target.EnsureStopped())
        {
            Host.RemoveAll();
        }
    }

    /// <summary>The machine has been started anew: its kgdb gets what the last one had.</summary>
    public void Renew()
    {
        ulong[] software = [.. _software.Order()];
        ulong[] hardware = [.. _hardware.Order()];
        (WatchKind Kind, ulong Address, ulong Length)[] watches = [.. _watches.Order()];
        _software.Clear();
        _hardware.Clear();
        _watches.Clear();
        Array.ForEach(software, address => Insert(false, address));
        Array.ForEach(hardware, address => Insert(true, address));
        Array.ForEach(watches, watch => Insert(watch.Kind, watch.Address, watch.Length));
    }

    /// <inheritdoc/>
    public string Describe() => Host.DescribeSlotOwners();

    private static KgdbBreakpointType TypeOf(WatchKind kind) =>
        kind == WatchKind.Write ? KgdbBreakpointType.Write : KgdbBreakpointType.Access;

    private static PointResult ResultOf(Errno error) => error switch
    {
        Errno.None => PointResult.Done,
        Errno.NoSpace or Errno.NotPermitted => PointResult.NoSlot,
        Errno.Busy => PointResult.Busy,
        Errno.TooBig => PointResult.TableFull,
        _ => PointResult.BadAddress,
    };
}
