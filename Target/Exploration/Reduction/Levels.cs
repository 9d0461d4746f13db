namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>What the reduction knows about the state before each event of the present execution.</summary>
internal sealed class Levels
{
    private Level[] _levels = new Level[64];

    public ref Level this[int level]
    {
        get
        {
            if (level >= _levels.Length)
            {
                Array.Resize(ref _levels, 2 * level);
            }

            return ref _levels[level];
        }
    }
}

/// <summary>One state on the present path.</summary>
internal struct Level
{
    /// <summary>The branches still to be explored from here.</summary>
    public WakeupTree.NodeList Pending;

    /// <summary>How many have been explored to the end.</summary>
    public int ExploredCount;

    /// <summary>Whether every enabled process is explored from here, so that no race needs to ask for more.</summary>
    public bool IsFull;

    /// <summary>If it is full: whether more than one process is explored from here.</summary>
    public bool IsFork;

    /// <summary>How far the path is into the part that shards share, in bits; see <see cref="BitsAfter"/>.</summary>
    public int BitsBefore;

    /// <summary>
    /// The branch being explored weighs half of what the branches before it left: sleep sets give the first branch most of the
    /// traces, and each further one only those that cannot begin with an earlier one's step.
    /// </summary>
    public readonly int BitsAfter => BitsBefore + (IsFork ? ExploredCount + 1 : 0);

    public static Level Start(WakeupTree.NodeList pending, int bitsBefore) =>
        new() { Pending = pending, BitsBefore = bitsBefore };
}
