using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Benchmarks;

/// <summary>
/// Kernel code as step methods: a call of eight awaits in inline mode (to stay under 60 ns and 0 bytes), and complete
/// executions of the three-CPU kdr7 race (HB-07; at least 250,000/s) by strategy. Run with <c>--filter '*Step*'</c>.
/// </summary>
[MemoryDiagnoser]
public class StepBenchmark
{
    private const int ExecutionCount = 50_000;
    private readonly World _inline = new(new WorldOptions { Mode = ExecutionMode.Inline });
    private readonly EightAwaits _model;
    private readonly StepContext _context;
    private ExplorationRun _run = null!;

    /// <summary>Sets up what is measured.</summary>
    public StepBenchmark()
    {
        _model = new EightAwaits(_inline);
        _context = new StepContext(_inline, "C0", 0);
    }

    /// <summary>How executions are picked.</summary>
    [Params(Strategy.Optimal, Strategy.Exhaustive, Strategy.Random)]
    public Strategy Strategy { get; set; }

    /// <summary>An exploration that has just begun.</summary>
    [IterationSetup(Target = nameof(ExecutionOfTheKdr7Race))]
    public void BeginExploration() => _run = new ExplorationRun(new Kdr7Race(), new ExplorationOptions
    {
        Strategy = Strategy, ExecutionCountMax = long.MaxValue, StopAtFirstViolation = false,
    });

    /// <summary>Nanoseconds per call.</summary>
    [Benchmark]
    public void InlineCallOfEightAwaits() => _model.Call(_context).GetAwaiter().GetResult();

    /// <summary>Nanoseconds per complete execution of 18 steps.</summary>
    [Benchmark(OperationsPerInvoke = ExecutionCount)]
    public void ExecutionOfTheKdr7Race() => _run.Advance(ExecutionCount);

    private sealed class EightAwaits(World world)
    {
        private readonly SharedCell<uint> _kdr7 = world.Cell("kdr7", 0u);
        private readonly SharedCell<int> _position = world.Cell("position", 4);
        private readonly SharedLock _lock = world.Lock("hw_breakpoint_lock");

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        public async ValueTask Call(StepContext t)
        {
            await _lock.Acquire(t);
            int position = await _position.Read(t);
            await _position.Write(t, position ^ 1);
            uint kdr7 = await _kdr7.Read(t);
            await _kdr7.Write(t, kdr7 + 1);
            await _position.Write(t, position);
            await _kdr7.Read(t);
            await _lock.Release(t);
        }
    }
}
