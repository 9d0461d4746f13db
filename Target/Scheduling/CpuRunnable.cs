using KgdbSim.Target.Machine;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling;

/// <summary>A processor as schedulers see it.</summary>
internal sealed class CpuRunnable(Vcpu cpu) : IRunnable
{
    public string Name { get; } = $"C{cpu.Core.Id}";

    public RunnableState State => cpu.Runnable ? RunnableState.Ready : RunnableState.Idle;

    public long Run(long stepCountMax)
    {
        ulong before = cpu.Now;
        cpu.Run(stepCountMax);
        return (long)(cpu.Now - before);
    }
}
