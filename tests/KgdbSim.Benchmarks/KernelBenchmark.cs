using System.Runtime.CompilerServices;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Benchmarks;

/// <summary>
/// What modelled kernel code costs, measured in one process of one thread: a call of eight awaits in inline mode (wanted: under
/// 60 ns, 0 bytes), steps and complete executions of the three-CPU kdr7 race per second (wanted: 5 million, 250,000), by itself
/// and within the whole hw_breakpoint interface (HB-07), and memory over many executions (wanted: flat). Times are the processor's, so that a
/// busy machine changes them little.
/// </summary>
internal static class KernelBenchmark
{
    private const int InlineCallCount = 2_000_000;
    private const int WarmUpCount = 20_000;

    /// <param name="args"><c>-n EXECUTIONS</c>: of the memory measurement, 10 million unless told; a tenth for the whole interface.</param>
    public static int Run(string[] args)
    {
        long executions = args is ["-n", string n] ? long.Parse(n) : 10_000_000;
        MeasureInline();
        foreach (Strategy strategy in new[] { Strategy.Optimal, Strategy.Exhaustive, Strategy.Random })
        {
            MeasureExecutions("kdr7 race", new Kdr7Race(), strategy);
            MeasureExecutions("HB-07/bad", Program("HB-07/bad"), strategy);
        }

        MeasureSetUp("kdr7 race", new Kdr7Race());
        MeasureSetUp("HB-07/bad", Program("HB-07/bad"));
        MeasureMemory("kdr7 race", new Kdr7Race(), executions);
        MeasureMemory("HB-07/fixed", Program("HB-07/fixed"), executions / 10);
        return 0;
    }

    /// <summary>A variant of a scenario: "HB-07/bad".</summary>
    public static IProgram Program(string name)
    {
        string[] parts = name.Split('/');
        Scenario scenario = new ScenarioCatalogue().Find(parts[0])!;
        return scenario.Program(scenario.Variants.Single(variant => variant.Name == parts[1]));
    }

    private static void MeasureInline()
    {
        World world = new(new WorldOptions { Mode = ExecutionMode.Inline });
        EightAwaits model = new(new KernelModel(world, new KernelOptions { CpuCount = 1 }));
        double best = double.MaxValue;
        long bytes = 0;
        for (int round = 0; round < 9; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.UserTime;
            for (int i = 0; i < InlineCallCount; i++)
            {
                model.Call(model.Context).GetAwaiter().GetResult();
            }

            best = Math.Min(best, (Environment.CpuUsage.UserTime - start).TotalNanoseconds / InlineCallCount);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Console.WriteLine($"inline call of eight awaits on a CPU that interrupts share: {best:f1} ns, {(double)bytes / InlineCallCount:f3} bytes");
    }

    /// <summary>What each execution pays before its first step.</summary>
    private static void MeasureSetUp(string name, IProgram program)
    {
        World world = new(new WorldOptions());
        double best = double.MaxValue;
        long bytes = 0;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.UserTime;
            for (int i = 0; i < WarmUpCount; i++)
            {
                world.Begin(program);
            }

            best = Math.Min(best, (Environment.CpuUsage.UserTime - start).TotalNanoseconds / WarmUpCount);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / WarmUpCount;
        }

        Console.WriteLine($"{name,-12} set-up {best,8:n0} ns {bytes,8:n0} bytes");
    }

    private static void MeasureExecutions(string name, IProgram program, Strategy strategy)
    {
        double bestExecutions = 0;
        double bestSteps = 0;
        for (int round = 0; round < 5; round++)
        {
            ExplorationRun run = NewRun(program, strategy);
            run.Advance(WarmUpCount);
            (long executions, long steps) = (run.Progress.ExecutionCount, run.Progress.StepCount);
            TimeSpan start = Environment.CpuUsage.UserTime;
            while (!run.IsOver && (Environment.CpuUsage.UserTime - start).TotalSeconds < 1)
            {
                run.Advance(1_000);
            }

            double seconds = (Environment.CpuUsage.UserTime - start).TotalSeconds;
            bestExecutions = Math.Max(bestExecutions, (run.Progress.ExecutionCount - executions) / seconds);
            bestSteps = Math.Max(bestSteps, (run.Progress.StepCount - steps) / seconds);
        }

        Console.WriteLine($"{name,-12} {strategy,-12} {bestExecutions,12:n0} executions/s {bestSteps,14:n0} steps/s");
    }

    private static void MeasureMemory(string name, IProgram program, long executions)
    {
        ExplorationRun run = NewRun(program, Strategy.Random);
        for (int part = 1; part <= 10 && !run.IsOver; part++)
        {
            run.Advance(executions / 10);
            Console.WriteLine($"{name} after {run.Progress.ExecutionCount,12:n0} executions: {GC.GetTotalMemory(true),12:n0} bytes live");
        }
    }

    private static ExplorationRun NewRun(IProgram program, Strategy strategy) => new(program, new ExplorationOptions
    {
        Strategy = strategy, ExecutionCountMax = long.MaxValue, StopAtFirstViolation = false, ShrinkRunCountMax = 0,
    });

    private sealed class EightAwaits
    {
        private readonly SharedCell<uint> _kdr7;
        private readonly SharedCell<int> _position;
        private readonly SharedLock _lock;

        public EightAwaits(KernelModel kernel)
        {
            _kdr7 = kernel.World.Cell("kdr7", 0u);
            _position = kernel.World.Cell("position", 4);
            _lock = kernel.World.Lock("hw_breakpoint_lock");
            Context = kernel.Spawn("task", 0, static _ => ValueTask.CompletedTask).Context;
        }

        public KernelContext Context { get; }

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        public async ValueTask Call(KernelContext c)
        {
            await c.PreemptDisable();
            await _lock.Acquire(c);
            int position = await _position.Read(c);
            await _position.Write(c, position ^ 1);
            await c.Home.DebugRegisters.Write(c, 7, await _kdr7.Read(c));
            await _lock.Release(c);
            await c.PreemptEnable();
        }
    }
}
