using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>
/// Dijkstra's dining philosophers, each eating once. Ordered: the last one takes its right fork first, as everybody takes the
/// fork with the lower number.
/// </summary>
internal sealed class Philosophers : IProgram
{
    private readonly bool _ordered;
    private readonly SharedLock[] _forks;
    private readonly Func<StepContext, ValueTask>[] _bodies;

    public Philosophers(int count, bool ordered)
    {
        _ordered = ordered;
        _forks = new SharedLock[count];
        _bodies = [.. Enumerable.Range(0, count).Select(i => (Func<StepContext, ValueTask>)(t => Dine(t, i)))];
    }

    public string Name => $"philosophers/{_forks.Length}{(_ordered ? "/ordered" : "")}";

    public void SetUp(World world)
    {
        for (int i = 0; i < _forks.Length; i++)
        {
            _forks[i] = world.Lock($"fork{i}");
        }

        for (int i = 0; i < _bodies.Length; i++)
        {
            world.Spawn($"philosopher{i}", _bodies[i]);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Dine(StepContext t, int place)
    {
        SharedLock left = _forks[place];
        SharedLock right = _forks[(place + 1) % _forks.Length];
        (SharedLock first, SharedLock second) = _ordered && place == _forks.Length - 1 ? (right, left) : (left, right);
        await first.Acquire(t);
        await second.Acquire(t);
        await second.Release(t);
        await first.Release(t);
    }
}
