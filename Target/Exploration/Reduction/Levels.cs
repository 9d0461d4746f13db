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

    /// <summary>How many levels before this one are full and had more than one branch.</summary>
    public int FullForkCount;

    public static Level Start(WakeupTree.NodeList pending, int fullForkCount) =>
        new() { Pending = pending, FullForkCount = fullForkCount };
}
