using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>Why a CPU's wait in kgdb_cpu_enter ended.</summary>
internal enum WaitOutcome : byte
{
    /// <summary>The master has handed over to this CPU.</summary>
    NextMaster,

    /// <summary>It has got the master lock.</summary>
    Master,

    /// <summary>It is to dump its stack.</summary>
    Backtrace,

    /// <summary>The master has let the slaves go.</summary>
    Leave,
}

/// <summary>
/// The wait loop of kgdb_cpu_enter as one step: the first rule that holds wins, and the lock is taken in the same step
/// (raw_spin_trylock).
/// </summary>
internal readonly struct DebuggerWait(KgdbCore core, KgdbCpu cpu, bool isMaster) : IAtomicOperation<WaitOutcome>
{
    static StepNature IAtomicOperation<WaitOutcome>.Nature => StepNature.Waits;

    public bool IsReady(StepContext context) => core.Holds(cpu, isMaster);

    public void Announce(StepContext context)
    {
        IWaitCondition condition = isMaster ? core.MasterCondition(cpu) : core.SlaveCondition(cpu);
        context.WaitFor(condition, cpu.Roles, AccessKind.Write, null);
        if (!isMaster)
        {
            context.WaitAlsoFor(core.SlaveLock, AccessKind.Read);
            context.WaitAlsoFor(core.ReleasedSlave, AccessKind.Read);
            return;
        }

        context.WaitAlsoFor(core.MasterLock, AccessKind.Write);
        if (core.WaitsForStep)
        {
            context.WaitAlsoFor(core.SteppingCpu, AccessKind.Read);
            context.WaitAlsoFor(core.SteppedPid, AccessKind.Read);
            context.WaitAlsoFor(cpu.Pid, AccessKind.Read);
        }
    }

    public WaitOutcome Execute(StepContext context)
    {
        context.Window.Clear();
        ExceptionRoles roles = cpu.Roles.Value;
        WaitOutcome outcome = (roles & ExceptionRoles.NextMaster) != 0 ? WaitOutcome.NextMaster
            : isMaster && core.MasterLock.Value == 0 ? WaitOutcome.Master
            : (roles & ExceptionRoles.WantBacktrace) != 0 ? WaitOutcome.Backtrace : WaitOutcome.Leave;
        cpu.Roles.Commit(roles & ~(outcome switch
        {
            WaitOutcome.NextMaster => ExceptionRoles.NextMaster,
            WaitOutcome.Backtrace => ExceptionRoles.WantBacktrace,
            _ => ExceptionRoles.None,
        }));
        if (isMaster)
        {
            core.MasterLock.Commit(outcome == WaitOutcome.Master ? cpu.Number + 1 : core.MasterLock.Value);
        }

        context.World.Trace?.Note("kgdb wait ends", isMaster ? core.MasterLock : core.SlaveLock, outcome);
        return outcome;
    }
}
