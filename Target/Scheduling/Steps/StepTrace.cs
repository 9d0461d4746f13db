using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>What one step did, in words.</summary>
/// <param name="Step">Its number in the run, from 0; -1 for what happened before the first.</param>
/// <param name="Actor">Who took it: a task, or a store buffer.</param>
/// <param name="Operation">"read", "acquire", "drain"...</param>
/// <param name="Location">What it touched, or empty.</param>
/// <param name="Value">The value read or written, or empty.</param>
/// <param name="Line">The modelled source line, if the model names one.</param>
public sealed record StepRecord(long Step, string Actor, string Operation, string Location, string Value, string? Line)
{
    /// <summary>The CPU it happened on, from 0; -1 if it belongs to none.</summary>
    public int Cpu { get; init; } = -1;

    /// <summary>The innermost context that took it, where a CPU has a stack of them; else the same as <see cref="Actor"/>.</summary>
    public string Context { get; init; } = Actor;

    /// <summary>How many contexts of the CPU that context has interrupted; null if nobody knows.</summary>
    public int? Depth { get; init; }
}

/// <summary>Collects <see cref="StepRecord"/>s while a run is repeated for a report; absent when nobody looks.</summary>
internal sealed class StepTrace(World world)
{
    private readonly List<StepRecord> _records = [];
    private readonly List<StepRecord> _before = [];

    /// <summary>The number of the step being taken.</summary>
    public long Step { get; set; } = -1;

    public IReadOnlyList<StepRecord> Records => _records;

    public void Note<T>(string operation, SharedLocation? location, T value)
    {
        StepRecord place = world.Current < 0
            ? new StepRecord(Step, world.CurrentName, "", "", "", null)
            : PlaceOf(world.Runnables[world.Current]);
        _records.Add(place with { Operation = operation, Location = location?.Name ?? "", Value = TextOf(value) });
    }

    /// <summary>A value as reports show it.</summary>
    public static string TextOf<T>(T value) => value switch
    {
        null => "null",
        ulong and > 9 => $"0x{value:x}",
        IFormattable formattable => formattable.ToString(null, null),
        _ => value.ToString() ?? "",
    };

    /// <summary>Remembers where everybody is, for steps that say nothing of themselves.</summary>
    public void BeforeStep(long step)
    {
        Step = step;
        _before.Clear();
        foreach (IRunnable runnable in world.Runnables)
        {
            _before.Add(PlaceOf(runnable));
        }
    }

    /// <summary>Makes a record of a step that made none.</summary>
    public void AfterStep()
    {
        bool noted = _records.Count > 0 && _records[^1].Step == Step;
        if (!noted && world.Current >= 0 && world.Current < _before.Count)
        {
            _records.Add(_before[world.Current] with { Operation = "step" });
        }
    }

    private StepRecord PlaceOf(IRunnable runnable) => runnable switch
    {
        IContextRunnable { NextContext: { } context } => new StepRecord(Step, runnable.Name, "", "", "", context.CurrentLine)
        {
            Cpu = context.Cpu,
            Context = context.Place,
            Depth = context.PlaceDepth,
        },
        StoreBuffer buffer => new StepRecord(Step, buffer.Name, "", "", "", null) { Cpu = buffer.Cpu },
        _ => new StepRecord(Step, runnable.Name, "", "", "", null),
    };
}
