namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Clocks of waiting steps as they would be had the wait ended earlier: what then happens before such a step is less than what
/// happened before it in the execution seen.
/// </summary>
internal sealed class RaceClocks
{
    private readonly List<int> _first = [];
    private int[] _rows = [];
    private int _width;

    public int Count => _first.Count;

    public void Truncate(int count) => _first.RemoveRange(count, _first.Count - count);

    /// <summary>A row for the race with the event at <paramref name="first"/>; its content is up to the caller.</summary>
    public int Add(int first, int width)
    {
        Widen(width);
        _first.Add(first);
        if (_rows.Length < _first.Count * width)
        {
            Array.Resize(ref _rows, Math.Max(8 * width, 2 * _first.Count * width));
        }

        return _first.Count - 1;
    }

    public int FirstOf(int row) => _first[row];

    public Span<int> Row(int row, int width)
    {
        Widen(width);
        return _rows.AsSpan(row * width, width);
    }

    private void Widen(int width)
    {
        if (_width == width)
        {
            return;
        }

        int[] wider = new int[_first.Count * width];
        for (int row = 0; row < _first.Count; row++)
        {
            _rows.AsSpan(row * _width, _width).CopyTo(wider.AsSpan(row * width));
        }

        _rows = wider;
        _width = width;
    }
}
