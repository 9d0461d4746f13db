using System.Numerics;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling;

/// <summary>
/// One part of a schedule space that is divided among processes without any talk between them: each walks the topmost forks
/// alike, numbers the subtrees below them in the same order, and enters those that are its own.
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
    /// A path belongs to the part that all walk alike until the product of its forks' widths reaches this: about 32 subtrees
    /// per part, so that the parts come out about even. A function of <see cref="Count"/> alone, or the parts would not fit
    /// together.
    /// </summary>
    internal long SharedWidth => Count == 1 ? 1 : 32L * Count;

    /// <summary>The same for a tree whose branches don't weigh alike: as a number of halvings.</summary>
    internal int SharedBits => BitOperations.Log2((ulong)SharedWidth);

    /// <summary>
    /// Whether the <paramref name="subtree"/>-th subtree is this part's. Scattered, because neighbours are alike in size: in
    /// turn, one part would get all the large ones of a regular tree.
    /// </summary>
    internal bool HasSubtree(long subtree)
    {
        StableHash hash = new(0);
        hash.Add((ulong)subtree);
        return hash.Value % (ulong)Count == (ulong)Index;
    }

    /// <summary>Whether this part has run <paramref name="run"/> of a strategy whose runs are independent.</summary>
    internal bool HasRun(long run) => run % Count == Index;

    /// <summary>As on the command line: <c>2/8</c> is the second of eight.</summary>
    public override string ToString() => $"{Index + 1}/{Count}";
}
