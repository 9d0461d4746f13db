using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>From the numbers that are the same in every execution to the order of creation in this one.</summary>
internal sealed class ProcessMap(World world)
{
    public int ProcessOf(int runnable)
    {
        int process = world.StableIdOf(runnable);
        if (process >= EventTable.ProcessCountMax)
        {
            throw new InvalidOperationException(
                $"Partial-order reduction takes at most {EventTable.ProcessCountMax} runnables; the program has more.");
        }

        return process;
    }

    /// <summary>-1 if the process hasn't been created.</summary>
    public int RunnableOf(int process)
    {
        // Without tasks that spawn tasks the two numbers are the same.
        int count = world.RunnableSpan.Length;
        if (process < count && world.StableIdOf(process) == process)
        {
            return process;
        }

        for (int runnable = 0; runnable < count; runnable++)
        {
            if (world.StableIdOf(runnable) == process)
            {
                return runnable;
            }
        }

        return -1;
    }
}
