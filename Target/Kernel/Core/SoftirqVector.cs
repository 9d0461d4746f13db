namespace KgdbSim.Target.Kernel.Core;

/// <summary>The kinds of softirqs; lower ones are served first (include/linux/interrupt.h@6.1).</summary>
internal enum SoftirqVector : byte
{
    High,
    Timer,
    NetTransmit,
    NetReceive,
    Block,
    IrqPoll,
    Tasklet,
    Scheduler,
    HighResolutionTimer,
    Rcu,
}
