namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>An earlier step of another process that the step being recorded directly depends on.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="IsOrderOnly">
/// Whether it enabled the present step: then a conflict between the two doesn't make them a race, the wait's own analysis
/// decides.
/// </param>
internal readonly record struct Predecessor(int Position, bool IsOrderOnly);

/// <summary>The direct predecessors of one step, each once.</summary>
internal sealed class Predecessors
{
    private Predecessor[] _items = new Predecessor[8];
    private int _count;

    public ReadOnlySpan<Predecessor> Items => _items.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Add(int position, bool isOrderOnly)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_items[i].Position == position)
            {
                _items[i] = new Predecessor(position, isOrderOnly || _items[i].IsOrderOnly);
                return;
            }
        }

        if (_count == _items.Length)
        {
            Array.Resize(ref _items, 2 * _count);
        }

        _items[_count++] = new Predecessor(position, isOrderOnly);
    }
}
