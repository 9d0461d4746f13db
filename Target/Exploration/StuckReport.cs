using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>Says who waits for what when nobody can go on.</summary>
internal static class StuckReport
{
    /// <summary>The violation that <paramref name="stop"/> is, or null if it is none.</summary>
    public static Violation? Of(SchedulerStop stop, World world) => stop switch
    {
        SchedulerStop.Deadlock => new Violation(ViolationKind.Deadlock, "deadlock", Describe(world)),
        SchedulerStop.Livelock => new Violation(ViolationKind.Livelock, "livelock", Describe(world)),
        _ => null,
    };

    private static string Describe(World world)
    {
        List<string> parts = [];
        foreach (IRunnable runnable in world.Runnables)
        {
            if (runnable.State is RunnableState.Waiting or RunnableState.Spinning)
            {
                string verb = runnable.State == RunnableState.Waiting ? "waits for" : "spins on";
                parts.Add($"{runnable.Name} {verb} {What(runnable)}");
            }
        }

        return "nobody can go on: " + string.Join("; ", parts);
    }

    private static string What(IRunnable runnable)
    {
        if (runnable is not IContextRunnable { NextContext: { Wait.IsPending: true } context })
        {
            return "something";
        }

        List<string> locations = [];
        for (int i = 0; i < context.Wait.LocationCount; i++)
        {
            SharedLocation location = context.Wait.Location(i);
            if (location is not StoreBuffer)
            {
                locations.Add(location is SharedLock { Holder: { } holder }
                    ? $"{location.Name} (held by {holder.Name})"
                    : location.Name);
            }
        }

        return string.Join(", ", locations);
    }
}
