using KgdbSim.Target.Primitives;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>
/// Draws from one number that FsCheck chose. A snippet takes hundreds of draws, for each of which FsCheck's own generators
/// make closures: they would take longer than both processors together.
/// </summary>
internal sealed class Dice(ulong entropy)
{
    private Prng _prng = new(entropy);

    public ulong Word() => _prng.NextUInt64();

    /// <summary>0..<paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)_prng.NextBelow((ulong)bound);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(int percent) => Below(100) < percent;

    public T Pick<T>(ReadOnlySpan<T> of) => of[Below(of.Length)];

    /// <summary>An index, each as probable as its weight is of all weights.</summary>
    public int Weighted(ReadOnlySpan<int> weights)
    {
        int sum = 0;
        foreach (int weight in weights)
        {
            sum += weight;
        }

        int at = Below(sum);
        int index = 0;
        while (at >= weights[index])
        {
            at -= weights[index++];
        }

        return index;
    }
}
