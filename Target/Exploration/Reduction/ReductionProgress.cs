namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>How far a depth-first exploration has come, as far as one can tell from its path.</summary>
internal static class ReductionProgress
{
    /// <summary>How many branches are planned along the path.</summary>
    public static long Frontier(Levels levels, WakeupTree tree, int depth)
    {
        long count = 0;
        for (int level = 0; level < depth; level++)
        {
            count += PendingCount(ref levels[level], tree);
        }

        return count;
    }

    /// <summary>
    /// The explored part if all branches of a level were of equal weight and no more were to be found (Knuth 1975, as a running
    /// sum): too high at first, since races keep adding branches.
    /// </summary>
    public static double FractionDone(Levels levels, WakeupTree tree, int depth)
    {
        double done = 0;
        double weight = 1;
        for (int level = 0; level < depth; level++)
        {
            ref Level state = ref levels[level];
            weight /= state.ExploredCount + 1 + PendingCount(ref state, tree);
            done += weight * state.ExploredCount;
        }

        return done;
    }

    private static int PendingCount(ref Level level, WakeupTree tree)
    {
        int count = 0;
        for (int node = level.Pending.First; node != WakeupTree.None; node = tree[node].Next)
        {
            count++;
        }

        return count;
    }
}
