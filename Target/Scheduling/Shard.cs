using System.Numerics;

namespace KgdbSim.Target.Scheduling;

/// <summary>
/// One part of a schedule space that is divided among processes without any talk between them: each walks the topmost forks
/// alike, numbers the subtrees below them in the same order, and enters every <see cref="Count"/>-th.
/// </summary>
public readonly record struct Shard
{
    /// <summary>The whole.</summary>
    public static readonly Shard Whole = new(0, 1);

    /// <summary>Part <paramref name="index"/> (from 0) of <paramref name="count"/>.</summary>
    public Shard(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        Index = index;
        Count = count;
    }

    /// <summary>Which part, from 0.</summary>
    public int Index { get; }

    /// <summary>Of how many.</summary>
    public int Count { get; }

    /// <summary>
    /// How many forks deep the numbered subtrees begin: deep enough for about 32 of them per part, so that the parts come out
    /// about even. A function of <see cref="Count"/> alone, or the parts would not fit together.
    /// </summary>
    internal int Depth => Count == 1 ? 0 : BitOperations.Log2((uint)Count - 1) + 6;

    /// <summary>Whether this part has run <paramref name="run"/> of a strategy whose runs are independent.</summary>
    internal bool HasRun(long run) => run % Count == Index;

    /// <summary>As on the command line: <c>2/8</c> is the second of eight.</summary>
    public override string ToString() => $"{Index + 1}/{Count}";
}
