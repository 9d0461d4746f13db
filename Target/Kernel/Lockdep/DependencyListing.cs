namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>Classes and the dependencies between them, as order reports list them.</summary>
internal static class DependencyListing
{
    /// <summary>How deep print_lock_dependencies()@2.6.30 goes.</summary>
    private const int DepthMax = 20;

    /// <summary>A class and all that was taken under it: print_lock_dependencies()@2.6.30.</summary>
    public static void Tree(ReportWriter text, LockClass root) => Tree(text, root, 0, []);

    /// <summary>From the far end of a path to its root: print_shortest_lock_dependencies()@6.1.</summary>
    /// <param name="text">Where to write.</param>
    /// <param name="path">Along the dependencies.</param>
    /// <param name="rootSite">Where the root is being taken now.</param>
    public static void Path(ReportWriter text, DependencyPath path, CallSite rootSite)
    {
        for (int depth = path.Steps.Count; depth >= 0; depth--)
        {
            text.ClassHeader(path.Classes[depth], depth)
                .Line($"{new string(' ', depth)} ... acquired at:")
                .Stack(depth == 0 ? rootSite : path.Steps[depth - 1].Site, 2)
                .Line();
        }
    }

    /// <summary>The same for a path against the dependencies: print_shortest_lock_dependencies_backwards()@6.1.</summary>
    public static void PathAgainst(ReportWriter text, DependencyPath path)
    {
        for (int depth = path.Steps.Count; depth >= 0; depth--)
        {
            text.ClassHeader(path.Classes[depth], depth);
            if (depth < path.Steps.Count)
            {
                text.Line($"{new string(' ', depth)} ... acquired at:").Stack(path.Steps[depth].Site, 2).Line();
            }
        }
    }

    private static void Tree(ReportWriter text, LockClass lockClass, int depth, List<LockClass> seen)
    {
        if (seen.Contains(lockClass) || depth >= DepthMax)
        {
            return;
        }

        seen.Add(lockClass);
        text.ClassHeader(lockClass, depth);
        foreach (Dependency dependency in lockClass.After)
        {
            Tree(text, dependency.To, depth + 1, seen);
            text.Line($"{new string(' ', depth)} ... acquired at:").Stack(dependency.Site, 2).Line();
        }
    }
}
