using System.Text.Json;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>A strategy whose runs are independent: run n is a function of the seed and n.</summary>
internal sealed class IndependentRuns(
    World world, IProgram program, ISchedulePolicy policy, Shard shard, long runCountMax, int stepCountMax) : IRunSource
{
    private readonly PolicyRun _run = new(world, program, policy, stepCountMax);
    private long _next;

    public bool WasCutShort => true;

    public long FrontierCount => 0;

    public double FractionDone => (double)_next / runCountMax;

    public bool Begin()
    {
        while (_next < runCountMax && !shard.HasRun(_next))
        {
            _next++;
        }

        return _next < runCountMax && policy.BeginRun(_next++);
    }

    public RunOutcome Run(RunMonitor monitor) => _run.Run(monitor);

    public Schedule RecordedSchedule() => _run.RecordedSchedule();

    public void Save(Utf8JsonWriter writer) => writer.WriteNumber("next", _next);

    public void Load(JsonElement saved) => _next = saved.GetProperty("next").GetInt64();
}
