using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>readers(N) of Abdulla et al.: one task writes x; N tasks each make one local step and then read x.</summary>
internal sealed class ReadersProgram(int readerCount) : IProgram
{
    private SharedCell<int> _x = null!;
    private Func<StepContext, ValueTask>? _writer;
    private Func<StepContext, ValueTask>? _reader;

    public string Name => $"readers/{readerCount}";

    public void SetUp(World world)
    {
        _x = world.Cell("x", 0);
        world.Spawn("writer", _writer ??= Write);
        for (int i = 0; i < readerCount; i++)
        {
            world.Spawn("reader", _reader ??= Read);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Write(StepContext t) => await _x.Write(t, 1);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Read(StepContext t)
    {
        await t.LocalStep();
        await _x.Read(t);
    }
}
