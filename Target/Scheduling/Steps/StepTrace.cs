namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>What one step did, in words.</summary>
/// <param name="Step">Its number in the run, from 0; -1 for what happened before the first.</param>
/// <param name="Actor">Who took it: a task, or a store buffer.</param>
/// <param name="Operation">"read", "acquire", "drain"...</param>
/// <param name="Location">What it touched, or empty.</param>
/// <param name="Value">The value read or written, or empty.</param>
/// <param name="Line">The modelled source line, if the model names one.</param>
public sealed record StepRecord(long Step, string Actor, string Operation, string Location, string Value, string? Line);

/// <summary>Collects <see cref="StepRecord"/>s while a run is repeated for a report; absent when nobody looks.</summary>
internal sealed class StepTrace(World world)
{
    private readonly List<StepRecord> _records = [];

    /// <summary>The number of the step being taken.</summary>
    public long Step { get; set; } = -1;

    public IReadOnlyList<StepRecord> Records => _records;

    public void Note<T>(string operation, SharedLocation? location, T value)
    {
        string text = value switch
        {
            null => "null",
            IFormattable formattable => formattable.ToString(null, null),
            _ => value.ToString() ?? "",
        };
        _records.Add(new StepRecord(Step, world.CurrentName, operation, location?.Name ?? "", text, world.CurrentLine));
    }
}
