using System.Text;
using KgdbSim.Target.Exploration.Reduction;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Reduction;

/// <summary>
/// Counts Mazurkiewicz traces the slow way: runs every interleaving, and gives each a text that is the same exactly for
/// equivalent ones. Shares no code with the reduction.
/// </summary>
internal sealed class TraceOracle(World world) : IStepRecorder
{
    private readonly List<Step> _steps = [];

    public int CurrentEvent => _steps.Count - 1;

    /// <summary>The texts of all traces of <paramref name="program"/>; null if it has more interleavings than the bound.</summary>
    public static HashSet<string>? TracesOf(IProgram program, WorldOptions options, long interleavingCountMax)
    {
        World world = new(options);
        TraceOracle oracle = new(world);
        world.Recorder = oracle;
        ExhaustivePolicy policy = new();
        HashSet<string> traces = [];
        for (long run = 0; policy.BeginRun(run); run++)
        {
            if (run == interleavingCountMax)
            {
                return null;
            }

            oracle.Run(program, policy);
            policy.Branches.EndRun();
            traces.Add(oracle.Text());
        }

        return traces;
    }

    /// <summary>The text of an execution that the reduction recorded, with the order the reduction believes in.</summary>
    public static string TextOf(EventTable events, World world)
    {
        TraceOracle oracle = new(world);
        for (int i = 0; i < events.Count; i++)
        {
            Step step = new(events[i].Process, i, events[i].Alternative);
            step.Follows.UnionWith(Enumerable.Range(0, i).Where(k => events.HappensBefore(k, i)));
            foreach (ExecutionAccess access in events.AccessesOf(i))
            {
                step.Accesses[world.Locations.KeyOf(access.Location)] = access.Kind;
            }

            oracle._steps.Add(step);
        }

        return oracle.Text();
    }

    public void Touch(int location, AccessKind kind)
    {
        if (CurrentEvent >= 0)
        {
            Dictionary<ulong, AccessKind> accesses = _steps[^1].Accesses;
            ulong key = world.Locations.KeyOf(location);
            accesses[key] = accesses.TryGetValue(key, out AccessKind known) && known == AccessKind.Write ? known : kind;
        }
    }

    public void Condition(SharedLocation location, IConditionalAccess access)
    {
    }

    public void Follow(int earlier) => _steps[^1].Follows.Add(earlier);

    public void Waited(StepContext context)
    {
        for (int i = 0; i < context.Wait.LocationCount; i++)
        {
            Touch(context.Wait.Location(i).Id, context.Wait.Kind(i));
        }
    }

    private void Run(IProgram program, ExhaustivePolicy policy)
    {
        _steps.Clear();
        world.NumberSource = bound =>
        {
            ulong number = policy.DrawNumber(bound);
            _steps[^1].Drawn = bound == 1 ? -1 : (int)number;
            return number;
        };
        world.Begin(program);
        int current = -1;
        while (true)
        {
            int[] enabled = [.. Enumerable.Range(0, world.Runnables.Count)
                .Where(i => world.Runnables[i].State == Target.Primitives.RunnableState.Ready)];
            if (enabled.Length == 0)
            {
                return;
            }

            current = policy.Choose(new ChoicePoint(enabled, world.Runnables, current, _steps.Count));
            Step step = new(world.StableIdOf(current), _steps.Count, -1);
            step.Follows.Add(world.CreatedBy(current));
            _steps.Add(step);
            world.Step(current, 1);
        }
    }

    /// <summary>Each step with everything that happens before it, in an order that doesn't depend on the interleaving.</summary>
    private string Text()
    {
        HashSet<int>[] past = new HashSet<int>[_steps.Count];
        string[] names = new string[_steps.Count];
        Dictionary<int, int> ordinals = [];
        for (int i = 0; i < _steps.Count; i++)
        {
            past[i] = [];
            int ordinal = ordinals[_steps[i].Process] = ordinals.GetValueOrDefault(_steps[i].Process) + 1;
            names[i] = $"{_steps[i].Process}.{ordinal}";
            for (int k = 0; k < i; k++)
            {
                if (Depends(_steps[k], _steps[i]))
                {
                    past[i].Add(k);
                    past[i].UnionWith(past[k]);
                }
            }
        }

        StringBuilder text = new();
        foreach (int i in Enumerable.Range(0, _steps.Count).OrderBy(i => names[i], StringComparer.Ordinal))
        {
            text.Append(names[i]).Append('=').Append(_steps[i].Drawn).Append('[')
                .AppendJoin(",", _steps[i].Accesses.OrderBy(a => a.Key).Select(a => $"{a.Key}{(a.Value == AccessKind.Write ? "w" : "r")}"))
                .Append(":")
                .AppendJoin(",", past[i].Select(k => names[k]).Order(StringComparer.Ordinal)).Append("] ");
        }

        return text.ToString();
    }

    private static bool Depends(Step earlier, Step later)
    {
        if (earlier.Process == later.Process || later.Follows.Contains(earlier.Position))
        {
            return true;
        }

        foreach ((ulong location, AccessKind kind) in earlier.Accesses)
        {
            if (later.Accesses.TryGetValue(location, out AccessKind other)
                && (kind == AccessKind.Write || other == AccessKind.Write))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Step(int process, int position, int drawn)
    {
        public int Process { get; } = process;

        public int Position { get; } = position;

        public int Drawn { get; set; } = drawn;

        public Dictionary<ulong, AccessKind> Accesses { get; } = [];

        public HashSet<int> Follows { get; } = [];
    }
}
