using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Benchmarks;

/// <summary>Each CPU rebuilds kdr7 in place and loads its DR7 from it: 6 steps by 3 CPUs.</summary>
internal sealed class Kdr7Race : IProgram
{
    private static readonly uint[] Enables = [0xD0000280, 0x03000220];
    private readonly uint[] _dr7 = new uint[3];
    private readonly Func<StepContext, ValueTask>[] _bodies;
    private SharedCell<uint> _kdr7 = null!;

    public Kdr7Race() =>
        _bodies = [.. Enumerable.Range(0, 3).Select(cpu => (Func<StepContext, ValueTask>)(t => Update(t, cpu)))];

    public string Name => "HB-07/bad";

    public void SetUp(World world)
    {
        _kdr7 = world.Cell("kdr7", Enables[0]);
        foreach (Func<StepContext, ValueTask> body in _bodies)
        {
            world.Spawn("C", body);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Update(StepContext t, int cpu)
    {
        await _kdr7.Write(t, 0);
        foreach (uint enable in Enables)
        {
            uint kdr7 = await _kdr7.Read(t);
            await _kdr7.Write(t, kdr7 | enable);
        }

        _dr7[cpu] = await _kdr7.Read(t);
    }
}
