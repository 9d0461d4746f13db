namespace KgdbSim.Target.Cpu.Debugging;

/// <summary>
/// The last few linear addresses that execution breakpoints of the debug registers stood at. Blocks of decoded
/// instructions stay divided there, so that switching a breakpoint off and on again costs nothing.
/// </summary>
internal sealed class BlockSplits
{
    private const int Capacity = 16;

    private readonly ulong[] _addresses = new ulong[Capacity];
    private int _count;
    private int _next;

    public bool Contains(ulong linear)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_addresses[i] == linear)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds an address, the oldest giving way; false if it was there.</summary>
    public bool Add(ulong linear)
    {
        if (Contains(linear))
        {
            return false;
        }

        if (_count < Capacity)
        {
            _addresses[_count++] = linear;
        }
        else
        {
            _addresses[_next] = linear;
            _next = (_next + 1) % Capacity;
        }

        return true;
    }

    /// <summary>Takes an address out; false if it wasn't there.</summary>
    public bool Remove(ulong linear)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_addresses[i] == linear)
            {
                _addresses[i] = _addresses[--_count];
                return true;
            }
        }

        return false;
    }
}
