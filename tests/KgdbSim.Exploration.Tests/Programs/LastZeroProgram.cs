using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>
/// lastzero(N) of Abdulla et al.: array[0..N] all zero; task 0 searches downwards from N for a zero; task j in 1..N does
/// array[j] = array[j-1] + 1.
/// </summary>
internal sealed class LastZeroProgram : IProgram
{
    private readonly SharedCell<int>[] _array;
    private readonly Func<StepContext, ValueTask>[] _bodies;

    public LastZeroProgram(int count)
    {
        Name = $"lastzero/{count}";
        _array = new SharedCell<int>[count + 1];
        _bodies = [Search, .. Enumerable.Range(1, count).Select(j => (Func<StepContext, ValueTask>)(t => Add(t, j)))];
    }

    public string Name { get; }

    public void SetUp(World world)
    {
        for (int i = 0; i < _array.Length; i++)
        {
            _array[i] = world.Cell("array", 0);
        }

        foreach (Func<StepContext, ValueTask> body in _bodies)
        {
            world.Spawn("task", body);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Search(StepContext t)
    {
        int i = _array.Length - 1;
        while (await _array[i].Read(t) != 0)
        {
            i--;
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Add(StepContext t, int j)
    {
        int value = await _array[j - 1].Read(t);
        await _array[j].Write(t, value + 1);
    }
}
