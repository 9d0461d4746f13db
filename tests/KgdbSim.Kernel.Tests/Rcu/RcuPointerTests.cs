using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Rcu;

namespace KgdbSim.Kernel.Tests.Rcu;

/// <summary>Documentation/RCU/lockdep.rst: who may follow a pointer, and what must be waited for before freeing.</summary>
public sealed class RcuPointerTests
{
    [Theory]
    [InlineData("Rcu", "Rcu", true)]
    [InlineData("Rcu", "Sched", false)]
    [InlineData("Sched", "Sched", true)]
    [InlineData("Sched", "Rcu", false)]
    [InlineData("Bh", "Bh", true)]
    public void In_the_preemptible_model_flavours_must_match(string pointer, string updater, bool isRight) =>
        Check(RcuModel.Preemptible, pointer, updater, isRight);

    [Theory]
    [InlineData("Rcu", "Sched", true)]
    [InlineData("Sched", "Rcu", true)]
    [InlineData("Sched", "Bh", false)]
    public void In_the_classic_model_the_first_two_coincide(string pointer, string updater, bool isRight) =>
        Check(RcuModel.Classic, pointer, updater, isRight);

    [Fact]
    public void Following_it_outside_a_reader_is_suspicious() => Small.Violates("suspicious RCU usage", Small.Explore(1, kernel =>
    {
        Target.Kernel.Rcu.Rcu rcu = new(kernel, RcuModel.Classic);
        RcuPointer<KernelObject> pointer = new(kernel, rcu, "p", RcuFlavour.Rcu, null);
        kernel.Spawn("reader", 0, async c => await pointer.Dereference(c));
    }));

    [Fact]
    public void A_grace_period_inside_a_reader_waits_for_itself() => Small.Violates("grace period inside a reader", Small.Explore(1, kernel =>
    {
        Target.Kernel.Rcu.Rcu rcu = new(kernel, RcuModel.Preemptible);
        kernel.Spawn("reader", 0, async c =>
        {
            await rcu.ReadLock(c);
            await rcu.SynchronizeRcu(c);
            await rcu.ReadUnlock(c);
        });
    }));

    [Fact]
    public void Sleeping_inside_a_preemptible_reader_is_misuse() => Small.Violates("sleeping in an RCU reader", Small.Explore(1, kernel =>
    {
        Target.Kernel.Rcu.Rcu rcu = new(kernel, RcuModel.Preemptible);
        kernel.Spawn("reader", 0, async c =>
        {
            await rcu.ReadLock(c);
            await c.CondResched();
            await rcu.ReadUnlock(c);
        });
    }));

    private static void Check(RcuModel model, string pointerFlavour, string updaterFlavour, bool isRight)
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            Target.Kernel.Rcu.Rcu rcu = new(kernel, model);
            RcuPointer<KernelObject> pointer =
                new(kernel, rcu, "p", Enum.Parse<RcuFlavour>(pointerFlavour), new KernelObject(kernel, "old"));
            kernel.Spawn("updater", 0, async c =>
                await pointer.Retire(c, (await pointer.Assign(c, null))!, Enum.Parse<RcuFlavour>(updaterFlavour)));
        });

        if (isRight)
        {
            Small.Holds(report);
        }
        else
        {
            Small.Violates("suspicious RCU usage", report);
        }
    }
}
