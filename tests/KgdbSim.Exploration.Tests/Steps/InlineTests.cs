using System.Runtime.CompilerServices;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Steps;

public sealed class InlineTests
{
    [Fact]
    public void A_call_of_eight_steps_runs_through_and_allocates_nothing()
    {
        World world = new(new WorldOptions { Mode = ExecutionMode.Inline });
        Model model = new(world);
        StepContext context = new(world, "C0", 0);
        Assert.True(model.EightSteps(context).IsCompletedSuccessfully);
        Assert.Equal(8, context.InlineStepCount);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            model.EightSteps(context).GetAwaiter().GetResult();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * 1_001, model.Sum);
    }

    [Fact]
    public void Only_a_true_wait_suspends()
    {
        World world = new(new WorldOptions { Mode = ExecutionMode.Inline });
        SharedLock held = world.Lock("held");
        StepContext first = new(world, "first", 0);
        StepContext second = new(world, "second", 1);
        first.Start(async t =>
        {
            await held.Acquire(t);
            await t.Relax();
            await held.Release(t);
        }, first);
        Assert.Equal(RunnableState.Ready, first.State);
        second.Start(async t =>
        {
            await held.Acquire(t);
            await held.Release(t);
        }, second);
        Assert.Equal(RunnableState.Waiting, second.State);
        first.Resume();
        Assert.Equal(RunnableState.Finished, first.State);
        Assert.Equal(RunnableState.Ready, second.State);
        second.Resume();
        Assert.Equal(RunnableState.Finished, second.State);
        Assert.Null(held.Holder);
    }

    [Fact]
    public void Every_kind_of_operation_works_inline()
    {
        World world = new(new WorldOptions { Mode = ExecutionMode.Inline, Memory = MemoryModel.TotalStoreOrder });
        Assert.Equal(MemoryModel.SequentiallyConsistent, world.Memory);
        world.NumberSource = bound => bound - 1;
        SharedCell<int> x = world.Cell("x", 1);
        SharedLock guard = world.Lock("guard");
        List<int> seen = [];
        StepContext context = new(world, "C0", 0);
        context.Start(async t =>
        {
            seen.Add(await x.Exchange(t, 2));
            seen.Add(await x.CompareExchange(t, 2, 6));
            seen.Add(await x.CompareExchange(t, 2, 7));
            seen.Add(await x.FetchAdd(t, 1));
            seen.Add(await x.FetchOr(t, 8));
            seen.Add(await x.FetchAnd(t, 12));
            seen.Add(await x.WaitUntil(t, value => value == 12));
            seen.Add(await guard.TryAcquire(t) ? 1 : 0);
            seen.Add(await guard.TryAcquire(t) ? 1 : 0);
            await guard.Release(t);
            await t.Fence();
            await t.WaitUntil(() => x.Value == 12, x);
            seen.Add((int)await t.Draw(5));
        }, context);
        Assert.Null(context.Failure);
        Assert.Equal([1, 2, 6, 6, 7, 15, 12, 1, 0, 4], seen);
    }

    private sealed class Model(World world)
    {
        private readonly SharedCell<int> _a = world.Cell("a", 0);
        private readonly SharedCell<int> _b = world.Cell("b", 0);
        private readonly SharedLock _lock = world.Lock("lock");

        public int Sum => _b.Value;

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        public async ValueTask EightSteps(StepContext t)
        {
            await _lock.Acquire(t);
            await _a.Write(t, await _a.Read(t) + 1);
            await Nested(t);
            await _b.FetchAdd(t, 1);
            await t.Fence();
            await _lock.Release(t);
        }

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        private async ValueTask Nested(StepContext t)
        {
            int value = await Value(t);
            await _b.Write(t, value + 1);
        }

        [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
        private async ValueTask<int> Value(StepContext t) => await _b.Read(t);
    }
}
