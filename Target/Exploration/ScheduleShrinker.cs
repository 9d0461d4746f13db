using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>
/// Makes a counterexample smaller: the same property must still be violated, with fewer switches, or as many switches and
/// fewer steps. It stops at a schedule from which no single run of one runnable can be left out, shortened, or joined to
/// another of the same runnable.
/// </summary>
internal sealed class ScheduleShrinker
{
    private readonly World _world;
    private readonly RunMonitor _monitor;
    private readonly LenientPolicy _policy = new();
    private readonly PolicyRun _run;
    private readonly Violation _wanted;
    private int _runsLeft;
    private Schedule _best;

    public ScheduleShrinker(IProgram program, ExplorationOptions options, Counterexample found)
    {
        _world = new World(options.WorldOptions with { Memory = found.Token.Memory });
        _monitor = new RunMonitor(_world, stopAtViolation: true);
        _run = new PolicyRun(_world, program, _policy, options.StepCountMax);
        _wanted = found.Violation;
        _best = found.Token.Schedule;
        BestViolation = found.Violation;
        _runsLeft = options.ShrinkRunCountMax;
    }

    /// <summary>The violation as the smallest schedule shows it.</summary>
    public Violation BestViolation { get; private set; }

    /// <summary>The smallest schedule found.</summary>
    public Schedule Shrink()
    {
        using HostContext host = HostContext.Suspend();
        bool improved;
        do
        {
            improved = TryAll();
        }
        while (improved && _runsLeft > 0);
        return _best;
    }

    private bool TryAll()
    {
        List<Block> blocks = Blocks(_best);
        for (int i = 0; i < blocks.Count; i++)
        {
            if (TryWithout(blocks, i) || TryShorter(blocks, i) || TryJoined(blocks, i))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryWithout(List<Block> blocks, int index) =>
        Try([.. blocks[..index], .. blocks[(index + 1)..]]);

    private bool TryShorter(List<Block> blocks, int index)
    {
        Block block = blocks[index];
        for (int length = block.Length / 2; length > 0 && length < block.Length; length += Math.Max(1, (block.Length - length) / 2))
        {
            if (Try([.. blocks[..index], block with { Length = length }, .. blocks[(index + 1)..]]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next block of the same runnable comes up to this one, or this one goes down to it.</summary>
    private bool TryJoined(List<Block> blocks, int index)
    {
        Block block = blocks[index];
        int next = blocks.FindIndex(index + 1, other => other.Runnable == block.Runnable);
        if (next < 0)
        {
            return false;
        }

        Block joined = block with { Length = block.Length + blocks[next].Length };
        return Try([.. blocks[..index], joined, .. blocks[(index + 1)..next], .. blocks[(next + 1)..]])
            || Try([.. blocks[..index], .. blocks[(index + 1)..next], joined, .. blocks[(next + 1)..]]);
    }

    private bool Try(List<Block> blocks)
    {
        if (_runsLeft <= 0)
        {
            return false;
        }

        _runsLeft--;
        List<int> choices = [];
        foreach (Block block in blocks)
        {
            choices.AddRange(Enumerable.Repeat(block.Runnable, block.Length));
        }

        _policy.Follow(choices, [.. _best.Numbers]);
        _policy.BeginRun(0);
        RunOutcome outcome = _run.Run(_monitor);
        if (outcome.Kind == RunKind.Complete)
        {
            RunEnd.Check(_world, _monitor, outcome);
        }

        Violation? again = _monitor.Find(_wanted);
        Schedule candidate = _run.RecordedSchedule();
        if (again is null || !IsSmaller(candidate))
        {
            return false;
        }

        _best = candidate;
        BestViolation = again;
        return true;
    }

    private bool IsSmaller(Schedule candidate) =>
        (candidate.SwitchCount, candidate.Choices.Length).CompareTo((_best.SwitchCount, _best.Choices.Length)) < 0;

    private static List<Block> Blocks(Schedule schedule)
    {
        List<Block> blocks = [];
        foreach (int runnable in schedule.Choices)
        {
            if (blocks.Count > 0 && blocks[^1].Runnable == runnable)
            {
                blocks[^1] = blocks[^1] with { Length = blocks[^1].Length + 1 };
            }
            else
            {
                blocks.Add(new Block(runnable, 1));
            }
        }

        return blocks;
    }

    private readonly record struct Block(int Runnable, int Length);
}
