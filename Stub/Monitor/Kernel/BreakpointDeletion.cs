using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>The <c>del NAME</c> of commands about breakpoints that have names and count their hits.</summary>
internal static class BreakpointDeletion
{
    /// <param name="context">Whose command it is.</param>
    /// <param name="words">What follows <c>del</c>.</param>
    /// <param name="all">Those that are there.</param>
    /// <param name="remove">Removes one by its name.</param>
    /// <returns>What is wrong with the words, or null.</returns>
    public static string? Execute(
        MonitorContext context, ref Words words, IReadOnlyList<KernelBreakpoint> all, Func<string, KernelResult> remove)
    {
        string name = words.Next("NAME");
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        long hits = all.FirstOrDefault(bp => bp.Name == name)?.HitCount ?? 0;
        KernelResult result = remove(name);
        context.Output.WriteLine(result.IsDone ? $"{name} is gone after {hits} hits" : $"{result}");
        return null;
    }
}
