namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A few idle objects of one type, shared by all simulations of the process: which object one gets carries no meaning, so two
/// simulations still don't meet. Lock-free; when it is full, objects are left to the garbage collector.
/// </summary>
internal sealed class ObjectPool<T> where T : class
{
    private const int CapacityMax = 64;
    private readonly T?[] _slots = new T?[CapacityMax];

    /// <summary>An idle object, or null if there is none.</summary>
    public T? TryTake()
    {
        T?[] slots = _slots;
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] is not null && Interlocked.Exchange(ref slots[i], null) is { } item)
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>Takes back an object nobody refers to any more.</summary>
    public void Return(T item)
    {
        T?[] slots = _slots;
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] is null && Interlocked.CompareExchange(ref slots[i], item, null) is null)
            {
                return;
            }
        }
    }
}
