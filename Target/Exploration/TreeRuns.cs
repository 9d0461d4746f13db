using System.Text.Json;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>A strategy that is a policy walking a tree of choices.</summary>
internal sealed class TreeRuns(
    World world, IProgram program, ISchedulePolicy policy, BranchStack branches, int stepCountMax) : IRunSource
{
    private readonly PolicyRun _run = new(world, program, policy, stepCountMax);
    private long _runCount;

    public bool WasCutShort => branches.WasCutShort;

    public long FrontierCount => branches.FrontierCount;

    public double FractionDone => branches.FractionDone;

    public bool Begin() => policy.BeginRun(_runCount++);

    public RunOutcome Run(RunMonitor monitor)
    {
        RunOutcome outcome = _run.Run(monitor);
        return branches.EndRun() ? outcome : outcome with { Kind = RunKind.Foreign };
    }

    public Schedule RecordedSchedule() => _run.RecordedSchedule();

    public void Save(Utf8JsonWriter writer)
    {
        writer.WriteNumber("subtrees", branches.SubtreeCount);
        writer.WriteBoolean("cutShort", branches.WasCutShort);
        writer.WriteStartArray("forks");
        foreach ((int count, int taken) in branches.Forks)
        {
            writer.WriteNumberValue(count);
            writer.WriteNumberValue(taken);
        }

        writer.WriteEndArray();
    }

    public void Load(JsonElement saved)
    {
        int[] numbers = [.. saved.GetProperty("forks").EnumerateArray().Select(fork => fork.GetInt32())];
        (int Count, int Taken)[] forks = [.. numbers.Chunk(2).Select(pair => (pair[0], pair[^1]))];
        if (numbers.Length % 2 != 0 || forks.Any(fork => fork.Taken < 0 || fork.Taken >= fork.Count))
        {
            throw new CheckpointException("The checkpoint's list of forks makes no sense.");
        }

        branches.Restore(forks, saved.GetProperty("subtrees").GetInt64(), saved.GetProperty("cutShort").GetBoolean());
    }
}
