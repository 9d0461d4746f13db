using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>What is reported of freed and missing memory.</summary>
public sealed class KernelObjectTests
{
    [Fact]
    public void A_field_of_a_freed_object_is_use_after_free() => Small.Violates("use after free", Small.Explore(1, kernel =>
    {
        KernelObject thing = new(kernel, "thing");
        KernelField<int> field = new(thing, kernel, "field", 1);
        kernel.Spawn("task", 0, async c =>
        {
            await field.Write(c, 2);
            await thing.Free(c);
            await field.Read(c);
        });
    }));

    [Fact]
    public void Freeing_twice_is_reported() => Small.Violates("double free", Small.Explore(1, kernel =>
    {
        KernelObject thing = new(kernel, "thing");
        kernel.Spawn("task", 0, async c =>
        {
            await thing.Free(c);
            await thing.Free(c);
        });
    }));

    [Fact]
    public void Following_null_ends_the_thread_of_control()
    {
        ExplorationReport report = Small.Explore(1, kernel => kernel.Spawn("task", 0, async c =>
        {
            await c.LocalStep();
            c.Deref<KernelObject>(null, "bp");
            c.Fail("went on", "after a null dereference");
        }));

        Small.Violates("null dereference", report);
        Assert.DoesNotContain(report.Counterexamples, found => found.Violation.Property == "went on");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(int.MaxValue, 3)]
    public void Allocations_fail_from_the_one_asked_for(int failFrom, int expected)
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            KernelAllocator allocator = new(kernel, failFrom);
            SharedCell<int> got = kernel.World.Cell("got", 0);
            kernel.Spawn("task", 0, async c =>
            {
                for (int i = 0; i < 3; i++)
                {
                    await got.FetchAdd(c, await allocator.Allocate(c, $"object{i}") is null ? 0 : 1);
                }
            });
            kernel.World.Outcome(o => o.Add("got", got.Value));
        });

        Small.Holds(report);
        Assert.Equal([$"got={expected}"], report.OutcomeSet);
    }

    [Fact]
    public void Allocating_with_GFP_KERNEL_under_a_lock_sleeps_in_atomic() => Small.Violates("sleeping in atomic", Small.Explore(1, kernel =>
    {
        KernelAllocator allocator = new(kernel, int.MaxValue);
        kernel.Spawn("task", 0, async c =>
        {
            await c.PreemptDisable();
            await allocator.Allocate(c, "object");
            await c.PreemptEnable();
        });
    }));
}
