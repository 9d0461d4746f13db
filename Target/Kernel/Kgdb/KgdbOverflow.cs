using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What a hit of one of the debugger's perf events does, in the forms the years have seen.</summary>
internal sealed class KgdbOverflow(KgdbCore core, KgdbNotifier notifier, PerfBreakpoints perf, TrapPath traps, HitRecord? hits)
{
    /// <summary>The callback, or null in the form that has none.</summary>
    public Func<KernelContext, int, DieArgs, ValueTask>? Handler => core.Options.Form.Overflow switch
    {
        OverflowAction.None => null,
        OverflowAction.RunsWorker => core.Options.Has(KgdbDefects.AnyDebugException) ? RunWorker : RunWorkerOnce,
        OverflowAction.RunsLowLevelTrap => core.Options.Has(KgdbDefects.AnyDebugException) ? RunLowLevelTrap : RunLowLevelTrapOnce,
        _ => hits is null ? MarkAll : MarkHit,
    };

    /// <summary>kgdb_hw_bp(): the session runs in here; whether it took the event is noted, since perf drops the answer.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunWorker(KernelContext c, int i, DieArgs args)
    {
        SharedCell<bool> received = core.Cpus[c.Home.Number].ReceivedHwBrk;
        c.Line("recieved_hw_brk[cpu] = 0;");
        await received.Write(c, false);
        c.Line("if (__kgdb_notify(&args, DIE_DEBUG) == NOTIFY_STOP) recieved_hw_brk[cpu] = 1;");
        bool taken = await notifier.Work(c, DieCode.Debug, KgdbNotifier.ArgsOfCallback(args)) == NotifyResult.Stop;
        await received.Write(c, taken);
    }

    /// <summary>kgdb_hw_overflow_handler() of mid 2010.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunLowLevelTrap(KernelContext c, int i, DieArgs args)
    {
        c.Line("kgdb_ll_trap(DIE_DEBUG, \"debug\", regs, 0, 0, SIGTRAP);");
        await notifier.LowLevelTrap(c, DieCode.Debug, KgdbNotifier.ArgsOfCallback(args));
    }

    private ValueTask RunWorkerOnce(KernelContext c, int i, DieArgs args) =>
        traps.Innermost(c.Home)!.TryBeginSession() ? RunWorker(c, i, args) : default;

    private ValueTask RunLowLevelTrapOnce(KernelContext c, int i, DieArgs args) =>
        traps.Innermost(c.Home)!.TryBeginSession() ? RunLowLevelTrap(c, i, args) : default;

    /// <summary>The one that has hit, unless the debugger has removed it while this CPU wasn't there.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask MarkHit(KernelContext c, int i, DieArgs args)
    {
        if ((await core.Hardware!.Cell(i).Read(c)).IsEnabled)
        {
            await hits!.Add(c, i);
        }
    }

    /// <summary>kgdb_hw_overflow_handler()@6.1: all that are enabled, hit or not.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask MarkAll(KernelContext c, int i, DieArgs args)
    {
        for (int entry = 0; entry < Dr7Encoding.RegisterCount; entry++)
        {
            c.Line("if (breakinfo[i].enabled) tsk->thread.virtual_dr6 |= (DR_TRAP0 << i);");
            if ((await core.Hardware!.Cell(entry).Read(c)).IsEnabled)
            {
                await perf.VirtualDr6(c.Home).FetchOr(c, 1UL << entry);
            }
        }
    }
}
