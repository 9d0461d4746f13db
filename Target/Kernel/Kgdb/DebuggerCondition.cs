using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>The condition of one CPU's <see cref="DebuggerWait"/>, made once.</summary>
internal sealed class DebuggerCondition(KgdbCore core, KgdbCpu cpu, bool isMaster) : IWaitCondition
{
    public bool Holds(StepContext context) => core.Holds(cpu, isMaster);
}
