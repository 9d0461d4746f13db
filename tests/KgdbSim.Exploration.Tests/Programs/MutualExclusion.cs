using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>Two tasks that enter a critical section once each, guarded by an algorithm made of loads and stores.</summary>
internal abstract class MutualExclusion(string name) : IProgram
{
    /// <summary>What the count stands for: not memory of the algorithm, so no cell, but shared all the same.</summary>
    private const ulong InsideLocation = 1;

    private readonly Func<StepContext, ValueTask>[] _bodies = new Func<StepContext, ValueTask>[2];
    private int _inside;

    public string Name => name;

    public void SetUp(World world)
    {
        _inside = 0;
        SetUpCells(world);
        for (int i = 0; i < 2; i++)
        {
            int me = i;
            world.Spawn($"P{i}", _bodies[i] ??= t => Body(t, me));
        }
    }

    protected abstract void SetUpCells(World world);

    protected abstract ValueTask Enter(StepContext t, int me);

    protected abstract ValueTask Leave(StepContext t, int me);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Body(StepContext t, int me)
    {
        await Enter(t, me);
        await t.LocalStep();
        t.World.Touch(InsideLocation, AccessKind.Write);
        if (++_inside != 1)
        {
            t.Fail("mutual exclusion", "both tasks are in the critical section");
        }

        await t.LocalStep();
        t.World.Touch(InsideLocation, AccessKind.Write);
        _inside--;
        await Leave(t, me);
    }
}

/// <summary>Peterson 1981.</summary>
internal sealed class Peterson(bool fenced) : MutualExclusion(fenced ? "peterson/fenced" : "peterson/bare")
{
    private readonly SharedCell<int>[] _flags = new SharedCell<int>[2];
    private SharedCell<int> _turn = null!;

    protected override void SetUpCells(World world)
    {
        _flags[0] = world.Cell("flag0", 0);
        _flags[1] = world.Cell("flag1", 0);
        _turn = world.Cell("turn", 0);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    protected override async ValueTask Enter(StepContext t, int me)
    {
        int other = 1 - me;
        await _flags[me].Write(t, 1);
        await _turn.Write(t, other);
        if (fenced)
        {
            await t.Fence();
        }

        while (await _flags[other].Read(t) == 1 && await _turn.Read(t) == other)
        {
            await t.Relax();
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    protected override async ValueTask Leave(StepContext t, int me) => await _flags[me].Write(t, 0);
}

/// <summary>Dekker, as told by Dijkstra 1968.</summary>
internal sealed class Dekker(bool fenced) : MutualExclusion(fenced ? "dekker/fenced" : "dekker/bare")
{
    private readonly SharedCell<int>[] _flags = new SharedCell<int>[2];
    private SharedCell<int> _turn = null!;

    protected override void SetUpCells(World world)
    {
        _flags[0] = world.Cell("flag0", 0);
        _flags[1] = world.Cell("flag1", 0);
        _turn = world.Cell("turn", 0);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    protected override async ValueTask Enter(StepContext t, int me)
    {
        int other = 1 - me;
        await Raise(t, me);
        while (await _flags[other].Read(t) == 1)
        {
            if (await _turn.Read(t) != me)
            {
                await _flags[me].Write(t, 0);
                while (await _turn.Read(t) != me)
                {
                    await t.Relax();
                }

                await Raise(t, me);
            }
            else
            {
                await t.Relax();
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    protected override async ValueTask Leave(StepContext t, int me)
    {
        await _turn.Write(t, 1 - me);
        await _flags[me].Write(t, 0);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Raise(StepContext t, int me)
    {
        await _flags[me].Write(t, 1);
        if (fenced)
        {
            await t.Fence();
        }
    }
}
