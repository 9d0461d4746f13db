namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>What happened when something was found: who did it with which lock, in which context, and where.</summary>
internal readonly record struct ReportedEvent(HeldLocks Task, HeldLock Lock, CpuContext Cpu, CallSite Site);
