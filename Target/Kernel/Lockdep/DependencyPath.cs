namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>A way through the dependency graph.</summary>
/// <param name="Classes">From the root of the search to what was found; at least one.</param>
/// <param name="Steps">The dependencies between them; one fewer.</param>
internal sealed record DependencyPath(IReadOnlyList<LockClass> Classes, IReadOnlyList<Dependency> Steps)
{
    public LockClass Root => Classes[0];

    public LockClass End => Classes[^1];
}
