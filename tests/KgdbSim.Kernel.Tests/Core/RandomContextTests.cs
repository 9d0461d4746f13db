using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>
/// Random programs of tasks, interrupts and cross calls on few CPUs: with the reduction, exactly those outcomes that trying
/// everything finds.
/// </summary>
public sealed class RandomContextTests
{
    private const int ProgramCount = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_reduction_misses_no_outcome(ulong seed)
    {
        int compared = 0;
        for (ulong i = 0; i < ProgramCount; i++)
        {
            ContextProgram program = new((seed << 32) + i);
            ExplorationReport all = Explorer.Explore(program, new ExplorationOptions { Strategy = Strategy.Exhaustive, ExecutionCountMax = 20_000 });
            if (all.Verdict == Verdict.Bounded)
            {
                continue;
            }

            compared++;
            ExplorationReport reduced = Explorer.Explore(program, new ExplorationOptions());
            Assert.True(all.Verdict == reduced.Verdict && reduced.OutcomeSet.SequenceEqual(all.OutcomeSet),
                $"seed {seed}, program {i}: {program}\nreduced: {reduced}\n  {string.Join("\n  ", reduced.OutcomeSet)}\n"
                + $"all: {all}\n  {string.Join("\n  ", all.OutcomeSet)}");
        }

        Assert.True(compared > ProgramCount / 3, $"only {compared} programs were small enough to try everything");
    }

    /// <summary>What each process does is drawn once; "r0 w1 +0 [..] !" are reads, writes, additions, interrupts off, a cross call.</summary>
    private sealed class ContextProgram : IProgram
    {
        private readonly int _cpus;
        private readonly bool _interruptsFirst;
        private readonly string[] _tasks;
        private readonly string[] _interrupts;
        private readonly string _call;

        public ContextProgram(ulong seed)
        {
            Prng random = new(seed);
            _cpus = 1 + (int)random.NextBelow(2);
            _interruptsFirst = random.NextBelow(2) == 1;
            _tasks = new string[_cpus];
            for (int i = 0; i < _cpus; i++)
            {
                _tasks[i] = Draw(ref random, 1 + (int)random.NextBelow(3), true);
            }

            _interrupts = new string[_cpus == 1 ? 1 + (int)random.NextBelow(2) : 1];
            for (int i = 0; i < _interrupts.Length; i++)
            {
                _interrupts[i] = Draw(ref random, 1 + (int)random.NextBelow(2), false);
            }

            _call = Draw(ref random, 1, false);
        }

        public string Name => "contexts";

        public override string ToString() => $"tasks {string.Join(" | ", _tasks)}; interrupts {string.Join(" | ", _interrupts)}; call {_call}";

        public void SetUp(World world)
        {
            bool hasCalls = _tasks.Any(task => task.Contains('!', StringComparison.Ordinal));
            KernelModel kernel = new(world, new KernelOptions { CpuCount = _cpus, HasIpis = hasCalls });
            SharedCell<int>[] cells = [world.Cell("x", 0), world.Cell("y", 0)];
            List<SharedCell<int>> seen = [];
            // Who is made first is run first, where nothing else decides: both orders have to be turned round.
            if (_interruptsFirst)
            {
                AddInterrupts(kernel, cells, seen);
                AddTasks(kernel, cells, seen);
            }
            else
            {
                AddTasks(kernel, cells, seen);
                AddInterrupts(kernel, cells, seen);
            }

            world.Outcome(o =>
            {
                o.Add("x", cells[0].Value);
                o.Add("y", cells[1].Value);
                foreach (SharedCell<int> cell in seen)
                {
                    o.Add(cell.Name, cell.Value);
                }
            });
        }

        private void AddTasks(KernelModel kernel, SharedCell<int>[] cells, List<SharedCell<int>> seen)
        {
            for (int cpu = 0; cpu < _cpus; cpu++)
            {
                string steps = _tasks[cpu];
                SharedCell<int> own = Remember(kernel.World, seen, $"t{cpu}");
                SharedCell<int> called = Remember(kernel.World, seen, $"c{cpu}");
                kernel.Spawn($"t{cpu}", cpu, c => Run(c, steps, cells, own, called));
            }
        }

        private void AddInterrupts(KernelModel kernel, SharedCell<int>[] cells, List<SharedCell<int>> seen)
        {
            for (int i = 0; i < _interrupts.Length; i++)
            {
                string steps = _interrupts[i];
                SharedCell<int> own = Remember(kernel.World, seen, $"i{i}");
                kernel.AddInterrupt($"i{i}", (int)((uint)i % (uint)_cpus), i == 0 ? ContextKind.Hardirq : ContextKind.Nmi, 1,
                    c => Run(c, steps, cells, own, own));
            }
        }

        private static SharedCell<int> Remember(World world, List<SharedCell<int>> seen, string name)
        {
            seen.Add(world.Cell(name, 0));
            return seen[^1];
        }

        private static string Draw(ref Prng random, int count, bool isTask)
        {
            string steps = "";
            bool isOff = false;
            for (int i = 0; i < count; i++)
            {
                ulong kind = random.NextBelow(isTask ? 6UL : 3UL);
                steps += kind switch
                {
                    0 => $"r{random.NextBelow(2)} ",
                    1 => $"w{random.NextBelow(2)} ",
                    2 => $"+{random.NextBelow(2)} ",
                    3 when !isOff => "[ ",
                    4 when isOff => "] ",
                    5 when !isOff && i == 0 => "! ",
                    _ => $"r{random.NextBelow(2)} ",
                };
                isOff = kind == 3 || (isOff && kind != 4);
            }

            return (isOff ? steps + "]" : steps).TrimEnd();
        }

        private async ValueTask Run(KernelContext c, string steps, SharedCell<int>[] cells, SharedCell<int> own, SharedCell<int> called)
        {
            int history = 0;
            int written = 10 * c.Process.Number;
            foreach (string step in steps.Split(' '))
            {
                SharedCell<int> cell = cells[step[^1] == '1' ? 1 : 0];
                switch (step[0])
                {
                    case 'r':
                        history = (history * 101) + await cell.Read(c) + 1;
                        break;
                    case 'w':
                        await cell.Write(c, ++written);
                        break;
                    case '+':
                        history = (history * 101) + await cell.FetchAdd(c, 1) + 1;
                        break;
                    case '[':
                        await c.LocalIrqSave();
                        break;
                    case ']':
                        await c.LocalIrqEnable();
                        break;
                    default:
                        await CrossCall.CallMany(c, ulong.MaxValue, other => Run(other, _call, cells, called, called), true);
                        break;
                }
            }

            await own.Write(c, history);
        }
    }
}
