using System.Runtime.CompilerServices;
using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Steps;

/// <summary>The method builder: nesting, results, exceptions, other builders, and things that are no steps.</summary>
public sealed class StepMethodTests
{
    [Fact]
    public void Every_step_of_nested_methods_suspends()
    {
        (StepContext context, List<int> log) = Start(Outer);
        int steps = 0;
        for (; context.State == RunnableState.Ready; steps++)
        {
            context.Resume();
        }

        Assert.Equal(5, steps);
        Assert.Equal([1, 2, 3, 42], log);
    }

    [Fact]
    public void An_exception_passes_through_the_callers_that_await()
    {
        using HostContext host = HostContext.Suspend();
        (StepContext context, List<int> log) = Start(async (t, log) =>
        {
            try
            {
                await Throw(t);
            }
            catch (InvalidTimeZoneException)
            {
                log.Add(1);
            }

            await t.LocalStep();
            await Throw(t);
        });
        while (context.State == RunnableState.Ready)
        {
            context.Resume();
        }

        Assert.Equal([1], log);
        Assert.IsType<InvalidTimeZoneException>(context.Failure);
        Assert.Equal(ViolationKind.TaskThrew, Assert.Single(context.World.Violations).Kind);
    }

    [Fact]
    public void Methods_of_the_ordinary_builder_work_too()
    {
        using HostContext host = HostContext.Suspend();
        (StepContext context, List<int> log) = Start(async (t, log) => log.Add(await Plain(t)));
        while (context.State == RunnableState.Ready)
        {
            context.Resume();
        }

        Assert.Null(context.Failure);
        Assert.Equal([7], log);

        static async ValueTask<int> Plain(StepContext t)
        {
            await t.LocalStep();
            await Leaf(t);
            return 7;
        }
    }

    [Fact]
    public void Awaiting_something_that_is_no_step_is_reported()
    {
        using HostContext host = HostContext.Suspend();
        (StepContext context, _) = Start(async (t, _) =>
        {
            await t.LocalStep();
            await Task.Yield();
        });
        context.Resume();
        Assert.Equal(RunnableState.Finished, context.State);
        Assert.Contains("no step", Assert.Single(context.World.Violations).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dropped_call_chain_leaves_its_objects_to_the_next()
    {
        World world = new(new WorldOptions());
        StepContext context = new(world, "t", 0);
        ConditionalWeakTable<object, object> seen = [];
        for (int i = 0; i < 100; i++)
        {
            context.Start(Chain, context);
            context.Resume();
            Assert.Equal(RunnableState.Ready, context.State);
            context.Drop();
            Assert.Equal(RunnableState.Finished, context.State);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Func<StepContext, ValueTask> chain = Chain;
        context.Start(chain, context);
        context.Resume();
        context.Drop();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64);

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        static async ValueTask Chain(StepContext t)
        {
            await Leaf(t);
            await Link(t);
        }

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        static async ValueTask Link(StepContext t)
        {
            await Leaf(t);
            await Leaf(t);
        }
    }

    [Fact]
    public void A_context_in_the_middle_of_something_cannot_be_started_or_resumed_out_of_turn()
    {
        World world = new(new WorldOptions());
        SharedLock held = world.Lock("held");
        StepContext first = new(world, "first", 0);
        first.Start(async t => await held.Acquire(t), first);
        Assert.Throws<InvalidOperationException>(() => first.Start(Leaf, first));
        first.Resume();
        first.Start(async t => await held.Acquire(t), first);
        Assert.Equal(RunnableState.Waiting, first.State);
        Assert.Throws<InvalidOperationException>(first.Resume);
    }

    [Fact]
    public void A_task_that_throws_before_its_first_step_is_reported_with_a_token()
    {
        SeededBug program = new("early", world => world.Spawn("t", _ => throw new InvalidTimeZoneException("early")));
        ExplorationReport report = Explorer.Explore(program, new ExplorationOptions());
        Assert.Equal(Verdict.Error, report.Verdict);
        Counterexample found = Assert.Single(report.Counterexamples);
        Assert.Equal("t threw InvalidTimeZoneException: early", found.Violation.Message);
        Assert.Empty(found.Token.Schedule.Choices.ToArray());
    }

    private static (StepContext Context, List<int> Log) Start(Func<StepContext, List<int>, ValueTask> body)
    {
        World world = new(new WorldOptions());
        StepContext context = new(world, "t", 0);
        List<int> log = [];
        context.Start(t => body(t, log), context);
        return (context, log);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Outer(StepContext t, List<int> log)
    {
        await t.LocalStep();
        log.Add(1);
        await Middle(t, log);
        log.Add(await Answer(t));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Middle(StepContext t, List<int> log)
    {
        await t.LocalStep();
        log.Add(2);
        await Leaf(t);
        log.Add(3);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<int> Answer(StepContext t)
    {
        await Leaf(t);
        await Leaf(t);
        return 42;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Leaf(StepContext t) => await t.LocalStep();

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Throw(StepContext t)
    {
        await t.LocalStep();
        throw new InvalidTimeZoneException("thrown on purpose");
    }
}
