using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>One hit as a sampling perf user has it.</summary>
/// <param name="Cpu">Where.</param>
/// <param name="Ip">The instruction pointer then: behind a data access, at an instruction that is about to be executed.</param>
/// <param name="Number">The user's how manyth hit on this CPU, from 1.</param>
internal readonly record struct PerfSample(int Cpu, ulong Ip, long Number);

/// <summary>The buffer of a sampling perf user, mapped in overwrite mode: the latest hits of all its CPUs.</summary>
internal sealed class PerfSamples : ISampler
{
    /// <summary>How many hits are remembered; a power of two.</summary>
    public const int Capacity = 256;

    private readonly PerfSample[] _ring = new PerfSample[Capacity];
    private long _count;

    /// <summary>How many hits there were.</summary>
    public long Count => _count;

    /// <summary>How many of them are still remembered.</summary>
    public int Remembered => (int)Math.Min(_count, Capacity);

    /// <summary>The <paramref name="age"/>th latest, 0 being the latest.</summary>
    public PerfSample Latest(int age) => _ring[(int)((_count - 1 - age) & (Capacity - 1))];

    /// <inheritdoc/>
    public void Sample(KernelCpu cpu, PerfBreakpoint bp, KernelRegisters registers) =>
        _ring[(int)(_count++ & (Capacity - 1))] = new PerfSample(cpu.Number, registers.Ip, bp.Count.Value);
}
