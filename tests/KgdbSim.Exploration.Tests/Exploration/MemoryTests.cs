using System.Runtime.CompilerServices;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>However many executions there are, they need no more memory than the first few thousand.</summary>
public sealed class MemoryTests
{
    private const int WindowCount = 12;
    private const int ExecutionsPerWindow = 10_000;

    /// <remarks>
    /// A page per thousand executions is far below one object per execution, and far above what the test rig does by itself.
    /// Arrays may still double now and then.
    /// </remarks>
    [Theory]
    [InlineData(Strategy.Optimal)]
    [InlineData(Strategy.Exhaustive)]
    [InlineData(Strategy.PreemptionBounded)]
    [InlineData(Strategy.Random)]
    [InlineData(Strategy.Pct)]
    public void Executions_allocate_nothing_once_the_arrays_have_grown(Strategy strategy)
    {
        ExplorationRun run = new(new ThreeCpus(), new ExplorationOptions
        {
            Strategy = strategy, ExecutionCountMax = 10_000_000, PreemptionCountMax = 6, Memory = MemoryModel.TotalStoreOrder,
        });
        Assert.True(run.Advance(ExecutionsPerWindow));
        long[] allocated = new long[WindowCount];
        for (int i = 0; i < WindowCount; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(run.Advance(ExecutionsPerWindow));
            allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(allocated.Count(bytes => bytes < 4096 * ExecutionsPerWindow / 1000) >= WindowCount - 4,
            $"bytes per {ExecutionsPerWindow} executions: {string.Join(' ', allocated)}");
    }

    private sealed class ThreeCpus : IProgram
    {
        private readonly Func<StepContext, ValueTask>[] _bodies = new Func<StepContext, ValueTask>[3];
        private readonly Action<OutcomeWriter> _describe;
        private SharedCell<uint> _kdr7 = null!;
        private SharedLock _lock = null!;

        public ThreeCpus()
        {
            _describe = writer => writer.Add("kdr7", _kdr7.Value);
            for (int i = 0; i < _bodies.Length; i++)
            {
                _bodies[i] = Update;
            }
        }

        public string Name => "three-cpus";

        public void SetUp(World world)
        {
            _kdr7 = world.Cell("kdr7", 0u);
            _lock = world.Lock("lock");
            foreach (Func<StepContext, ValueTask> body in _bodies)
            {
                world.Spawn("C", body);
            }

            world.Outcome(_describe);
        }

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        private async ValueTask Update(StepContext t)
        {
            await _kdr7.Write(t, 0);
            await Add(t, 2);
            await _lock.Acquire(t);
            await Add(t, 8);
            await _lock.Release(t);
        }

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        private async ValueTask Add(StepContext t, uint bits) => await _kdr7.Write(t, await _kdr7.Read(t) | bits);
    }
}
