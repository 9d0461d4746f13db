using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>One CPU's part of a run: a column of the table, a lane of the picture, a thread of the trace.</summary>
/// <param name="Cpu">Its number, from 0; -1 for an actor that belongs to none.</param>
/// <param name="Title">What it is called: "CPU 0", or with the only context on it "CPU 0: writer".</param>
/// <param name="Contexts">Who runs on it, in order of appearance: tasks, handlers, its store buffer.</param>
internal sealed record Lane(int Cpu, string Title, IReadOnlyList<string> Contexts)
{
    /// <summary>Whether a step needs to say whose it is.</summary>
    public bool IsShared => Contexts.Count > 1;
}

/// <summary>Divides the steps of a run among CPUs; an actor that belongs to no CPU has a lane of its own.</summary>
internal sealed class Lanes
{
    private readonly Dictionary<(int Cpu, string Actor), int> _indices = [];

    /// <summary>The lanes of these steps; whoever takes no step has none.</summary>
    public Lanes(IReadOnlyList<StepRecord> steps)
    {
        var groups = steps.Where(step => step.Step >= 0).GroupBy(KeyOf)
            .OrderBy(group => group.Key.Cpu < 0 ? int.MaxValue : group.Key.Cpu)
            .ToArray();
        All = [.. groups.Select(group => Make(group.Key, [.. group.Select(step => step.Context).Distinct()]))];
        for (int i = 0; i < groups.Length; i++)
        {
            _indices.Add(groups[i].Key, i);
        }
    }

    /// <summary>All of them: CPUs by number, then the others in order of appearance.</summary>
    public IReadOnlyList<Lane> All { get; }

    /// <summary>The lane that a step belongs to.</summary>
    public int IndexOf(StepRecord step) => _indices[KeyOf(step)];

    private static (int Cpu, string Actor) KeyOf(StepRecord step) => step.Cpu >= 0 ? (step.Cpu, "") : (-1, step.Actor);

    private static Lane Make((int Cpu, string Actor) key, string[] contexts)
    {
        string title = key.Cpu < 0 ? key.Actor : $"CPU {key.Cpu}";
        bool named = key.Cpu >= 0 && contexts.Length == 1 && contexts[0] != $"C{key.Cpu}";
        return new Lane(key.Cpu, named ? $"{title}: {contexts[0]}" : title, contexts);
    }
}
