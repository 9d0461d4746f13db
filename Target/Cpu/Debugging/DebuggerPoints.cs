namespace KgdbSim.Target.Cpu.Debugging;

/// <summary>
/// Breakpoints and watchpoints of a debugger beside the machine, common to all its processors, without number limit and
/// invisible to the guest. Those of the guest are in its debug registers.
/// </summary>
internal sealed class DebuggerPoints
{
    private readonly Dictionary<ulong, int> _breakpoints = [];
    private readonly List<WatchRange> _watches = [];

    /// <summary>
    /// A breakpoint came to, or went from, a linear address: processors drop what they decoded over it.
    /// </summary>
    public event Action<ulong>? BreakpointChanged;

    /// <summary>The watches are others now: processors recompute which pages they watch.</summary>
    public event Action? WatchesChanged;

    public ReadOnlySpan<WatchRange> Watches => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_watches);

    public bool Any => _breakpoints.Count != 0;

    /// <summary>A breakpoint stands at this linear address.</summary>
    public bool HasBreakpoint(ulong linear) => _breakpoints.ContainsKey(linear);

    /// <summary>Breakpoints are counted: as many removals as insertions take one away.</summary>
    public void InsertBreakpoint(ulong linear)
    {
        _breakpoints[linear] = _breakpoints.GetValueOrDefault(linear) + 1;
        BreakpointChanged?.Invoke(linear);
    }

    public bool RemoveBreakpoint(ulong linear)
    {
        if (!_breakpoints.TryGetValue(linear, out int count))
        {
            return false;
        }

        if (count == 1)
        {
            _breakpoints.Remove(linear);
        }
        else
        {
            _breakpoints[linear] = count - 1;
        }

        BreakpointChanged?.Invoke(linear);
        return true;
    }

    public void InsertWatch(WatchRange range)
    {
        _watches.Add(range);
        WatchesChanged?.Invoke();
    }

    public bool RemoveWatch(WatchRange range)
    {
        bool removed = _watches.Remove(range);
        if (removed)
        {
            WatchesChanged?.Invoke();
        }

        return removed;
    }

    /// <summary>Takes everything away.</summary>
    public void Clear()
    {
        ulong[] addresses = [.. _breakpoints.Keys];
        _breakpoints.Clear();
        _watches.Clear();
        foreach (ulong address in addresses)
        {
            BreakpointChanged?.Invoke(address);
        }

        WatchesChanged?.Invoke();
    }
}
