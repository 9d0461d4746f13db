using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What a hit of one of the debugger's perf events does, in the forms the years have seen.</summary>
internal sealed class KgdbOverflow(
    KgdbCore core, KgdbEvents events, KgdbNotifier notifier, PerfBreakpoints perf, HitRecord? hits, TrapSessions? sessions)
{
    /// <summary>The callback, or null in the form that has none.</summary>
    public Func<KernelContext, int, DieArgs, ValueTask>? Handler => core.Options.Form.Overflow switch
    {
        OverflowAction.None => null,
        OverflowAction.RunsWorker or OverflowAction.RunsLowLevelTrap when sessions is not null => HoldSession,
        OverflowAction.RunsWorker => RunWorker,
        OverflowAction.RunsLowLevelTrap => RunLowLevelTrap,
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
        bool taken = await notifier.Work(c, DieCode.Debug, ArgsOf(args)) == NotifyResult.Stop;
        await received.Write(c, taken);
    }

    /// <summary>kgdb_hw_overflow_handler() of mid 2010.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunLowLevelTrap(KernelContext c, int i, DieArgs args)
    {
        c.Line("kgdb_ll_trap(DIE_DEBUG, \"debug\", regs, 0, 0, SIGTRAP);");
        await notifier.LowLevelTrap(c, DieCode.Debug, ArgsOf(args));
    }

    /// <summary>One session for all that has hit at once and is still wanted.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask HoldSession(KernelContext c, int i, DieArgs args)
    {
        ulong causes = args.Registers.IsUserMode ? 0 : sessions!.Causes(c.Home);
        uint hits = 0;
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            PerfBreakpoint? bp = (causes >> n & 1) != 0 ? await perf.Cpu(c.Home.Number).Slots[n].Read(c) : null;
            for (int entry = 0; entry < Dr7Encoding.RegisterCount && bp is not null; entry++)
            {
                bool isMine = ReferenceEquals(events.Of(entry, c.Home.Number), bp) && (await core.Hardware!.Cell(entry).Read(c)).IsEnabled;
                hits |= isMine ? 1u << entry : 0;
            }
        }

        if (hits != 0)
        {
            sessions!.Begin(c.Home);
            await core.HandleException(c, 0, KernelSignal.Trap, (long)DieCode.Debug, args.Registers, hits);
        }
    }

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

    /// <summary>The callback's own arguments: no DR6, trap 0, SIGTRAP.</summary>
    private static DieArgs ArgsOf(DieArgs args) => new() { Registers = args.Registers, TrapNumber = 0, Signal = KernelSignal.Trap };
}
