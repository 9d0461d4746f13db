using System.Runtime.CompilerServices;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Debugging;

/// <summary>
/// Matches accesses and instruction addresses against DR0-DR3 (SDM vol. 3, 18.2) and against the debugger's points.
/// Pages without a watched byte never come here: the TLB sends only watched pages to the slow path.
/// </summary>
internal sealed unsafe class DebugUnit
{
    private readonly CpuCore _cpu;
    private readonly WatchRange[] _registers = new WatchRange[4];
    private readonly ulong[] _executeAt = new ulong[4];
    private readonly BlockSplits _splits = new();
    private DebuggerPoints? _points;
    private int _executeMask;
    private int _dataMask;
    private int _portMask;
    private ulong _envelopeStart = ulong.MaxValue;
    private ulong _envelopeLast;

    public DebugUnit(CpuCore cpu) => _cpu = cpu;

    /// <summary>The debugger's watch that the last instruction hit, with the address it touched.</summary>
    public WatchHit DebuggerHit;

    /// <summary>DR6 bits of data watches that the instruction under way has hit.</summary>
    public ulong Hits;

    /// <summary>Some bytes are watched: string instructions must look at them one by one.</summary>
    public bool AnyWatch => _envelopeStart <= _envelopeLast;

    /// <summary>A block of decoded instructions must end before this linear address.</summary>
    public bool SplitsAt(ulong linear) =>
        (AnyExecute && (DebuggerBreakpoint(linear) || ExecuteHits(linear) != 0)) || _splits.Contains(linear);

    /// <summary>A block ended here for a breakpoint that has gone: blocks may run over the place again.</summary>
    public void ForgetSplit(ulong linear)
    {
        if (_splits.Remove(linear))
        {
            _cpu.Blocks.BreakpointChanged(linear);
        }
    }

    /// <summary>An execution breakpoint stands somewhere.</summary>
    public bool AnyExecute => _executeMask != 0 || (_points?.Any ?? false);

    /// <summary>The debugger's points that this processor obeys.</summary>
    public void Attach(DebuggerPoints points)
    {
        _points = points;
        points.BreakpointChanged += linear => _cpu.Blocks.BreakpointChanged(linear);
        points.WatchesChanged += RegistersChanged;
        RegistersChanged();
    }

    /// <summary>To be called when DR0-DR3, DR7 or CR4.DE changed.</summary>
    public void RegistersChanged()
    {
        CpuState* s = _cpu.State;
        int executeBefore = _executeMask;
        _executeMask = 0;
        _dataMask = 0;
        _portMask = 0;
        _envelopeStart = ulong.MaxValue;
        _envelopeLast = 0;
        for (int n = 0; n < 4; n++)
        {
            bool executeNow = Dr7Bits.Enabled(s->Dr7, n) && Dr7Bits.Kind(s->Dr7, n) == Dr7Bits.Execute;
            NoteExecuteChange(n, (executeBefore & (1 << n)) != 0, executeNow);
            if (!Dr7Bits.Enabled(s->Dr7, n))
            {
                continue;
            }

            switch (Dr7Bits.Kind(s->Dr7, n))
            {
                case Dr7Bits.Execute:
                    _executeMask |= 1 << n;
                    break;
                case Dr7Bits.Write:
                    SetData(n, WatchKind.Write);
                    break;
                case Dr7Bits.ReadWrite:
                    SetData(n, WatchKind.Access);
                    break;
                case Dr7Bits.InputOutput when (s->Cr4 & ControlBits.Cr4De) != 0:
                    _portMask |= 1 << n;
                    _registers[n] = WatchRange.FromDebugRegister(s->Dr[n], Dr7Bits.Length(s->Dr7, n), WatchKind.Access);
                    break;
            }
        }

        if (_points != null)
        {
            foreach (WatchRange range in _points.Watches)
            {
                Widen(range);
            }
        }

        _cpu.Translations.Flush();
        _cpu.Attention = true;
    }

    /// <summary>The TLB must not let accesses of this kind to this page pass unseen.</summary>
    /// <param name="first">Offset in the page of the first byte watched in any way.</param>
    /// <param name="last">Offset of the last one.</param>
    public bool WatchesPage(ulong page, WatchKind kind, out uint first, out uint last)
    {
        first = (uint)PhysicalPage.OffsetMask;
        last = 0;
        if (page > _envelopeLast || (page | PhysicalPage.OffsetMask) < _envelopeStart)
        {
            return false;
        }

        bool watched = false;
        for (int n = 0; n < 4; n++)
        {
            if ((_dataMask & (1 << n)) != 0)
            {
                watched |= Clip(_registers[n], page, kind, ref first, ref last);
            }
        }

        if (_points != null)
        {
            foreach (WatchRange range in _points.Watches)
            {
                watched |= Clip(range, page, kind, ref first, ref last);
            }
        }

        return watched;
    }

    /// <summary>
    /// Notes an access that has been made (or is sure to be): what it hits is reported when the instruction is
    /// complete.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Access(ulong linear, int size, WatchKind kind)
    {
        if (linear <= _envelopeLast && linear + (ulong)(size - 1) >= _envelopeStart)
        {
            Match(linear, size, kind);
        }
    }

    /// <summary>Notes an IN or OUT that has been made: I/O breakpoints are traps (SDM vol. 3, 18.3.1.3).</summary>
    public void PortAccess(ushort port, int size)
    {
        for (int n = 0; n < 4; n++)
        {
            if ((_portMask & (1 << n)) != 0 && _registers[n].Hit(port, size, WatchKind.Access))
            {
                Hits |= 1UL << n;
                _cpu.Attention = true;
            }
        }
    }

    /// <summary>DR6 bits of the execution breakpoints at a linear address.</summary>
    public ulong ExecuteHits(ulong linear)
    {
        ulong hits = 0;
        for (int n = 0; n < 4; n++)
        {
            if ((_executeMask & (1 << n)) != 0 && _executeAt[n] == linear)
            {
                hits |= 1UL << n;
            }
        }

        return hits;
    }

    /// <summary>The debugger has a breakpoint at a linear address.</summary>
    public bool DebuggerBreakpoint(ulong linear) => _points != null && _points.HasBreakpoint(linear);

    /// <summary>DR6 bits of the data watches hit, once.</summary>
    public ulong TakeHits()
    {
        ulong hits = Hits;
        Hits = 0;
        return hits;
    }

    /// <summary>Forgets hits of an instruction that did not complete.</summary>
    public void Discard()
    {
        Hits = 0;
        DebuggerHit = default;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Match(ulong linear, int size, WatchKind kind)
    {
        for (int n = 0; n < 4; n++)
        {
            if ((_dataMask & (1 << n)) != 0 && _registers[n].Hit(linear, size, kind))
            {
                Hits |= 1UL << n;
                _cpu.Attention = true;
            }
        }

        if (_points == null)
        {
            return;
        }

        foreach (WatchRange range in _points.Watches)
        {
            if (range.Hit(linear, size, kind) && !DebuggerHit.Valid)
            {
                DebuggerHit = new WatchHit(true, Math.Max(linear, range.Start), range);
                _cpu.Attention = true;
            }
        }
    }

    private void NoteExecuteChange(int n, bool before, bool now)
    {
        ulong address = _cpu.State->Dr[n];
        if (before == now && (!now || _executeAt[n] == address))
        {
            return;
        }

        // A place stays split when its breakpoint goes: kernels clear and restore DR7 in every debug exception.
        _executeAt[n] = address;
        if (now && _splits.Add(address))
        {
            _cpu.Blocks.BreakpointChanged(address);
        }
    }

    private void SetData(int n, WatchKind kind)
    {
        _dataMask |= 1 << n;
        _registers[n] = WatchRange.FromDebugRegister(_cpu.State->Dr[n], Dr7Bits.Length(_cpu.State->Dr7, n), kind);
        Widen(_registers[n]);
    }

    private static bool Clip(WatchRange range, ulong page, WatchKind kind, ref uint first, ref uint last)
    {
        if (!range.TouchesPage(page))
        {
            return false;
        }

        ulong start = Math.Max(range.Start, page) - page;
        ulong end = Math.Min(range.Last, page | PhysicalPage.OffsetMask) - page;
        first = Math.Min(first, (uint)start);
        last = Math.Max(last, (uint)end);
        return (range.Kind & kind) != 0;
    }

    private void Widen(WatchRange range)
    {
        _envelopeStart = Math.Min(_envelopeStart, range.Start);
        _envelopeLast = Math.Max(_envelopeLast, range.Last);
    }
}

/// <summary>A debugger's watch that was hit.</summary>
/// <param name="Address">First watched byte that the access touched.</param>
internal readonly record struct WatchHit(bool Valid, ulong Address, WatchRange Range);
