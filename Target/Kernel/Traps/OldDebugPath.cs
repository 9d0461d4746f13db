using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>do_debug of 2.6.14 (spec of 2005) and of 2.6.30 to 2.6.35 (after commit 08d68323d1f0).</summary>
internal sealed class OldDebugPath(TrapPath path)
{
    /// <summary>As the notifier of hw_breakpoint is called.</summary>
    private const string BreakpointHandler = "hw_breakpoint";

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<TrapVerdict> Handle(KernelContext c, OpenTrap trap, KernelRegisters registers)
    {
        KernelVersion version = path.Options.Version;
        TaskDebugState task = c.Home.CurrentDebug;
        c.Line("get_debugreg(dr6, 6);");
        ulong dr6 = await c.Home.DebugRegisters.Read(c, 6) & Dr6Bits.Writable;
        if (version.ClearsDr6)
        {
            c.Line("set_debugreg(0, 6);");
            await c.Home.DebugRegisters.Write(c, 6, DebugRegisterFile.Dr6Idle);
            c.Line("tsk->thread.debugreg6 = dr6;");
            await task.VirtualDr6.Write(c, dr6);
        }

        trap.Args.Dr6 = dr6;
        trap.Args.HasDr6 = true;
        trap.Event.SetDr6(dr6);
        c.Line("notify_die(DIE_DEBUG, \"debug\", regs, dr6, error_code, SIGTRAP)");
        bool isTaken = await path.Notify(c, trap, DieCode.Debug, 0, KernelSignal.Trap) == NotifyResult.Stop;
        bool signalsAnyway = path.Options.SignalsSwallowedHits && trap.Event.Consumer == BreakpointHandler;
        if (isTaken && !signalsAnyway)
        {
            return TrapVerdict.Consumed;
        }

        // What handlers consumed is gone only where they share the copy.
        dr6 = version.SharesDr6 ? trap.Args.Dr6 : dr6;
        return version.ClearsDr6 ? await Since2009(c, task, registers, signalsAnyway) : await Before2009(c, task, registers, dr6);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<TrapVerdict> Since2009(
        KernelContext c, TaskDebugState task, KernelRegisters registers, bool isForced)
    {
        ulong virtualDr6 = await task.VirtualDr6.Read(c);
        if ((virtualDr6 & Dr6Bits.SingleStep) != 0 && !registers.IsUserMode)
        {
            c.Line("tsk->thread.debugreg6 &= ~DR_STEP; set_tsk_thread_flag(tsk, TIF_SINGLESTEP); regs->flags &= ~X86_EFLAGS_TF;");
            virtualDr6 &= ~Dr6Bits.SingleStep;
            await task.VirtualDr6.Write(c, virtualDr6);
            await task.SingleStep.Write(c, true);
            registers.Flags &= ~KernelRegisters.TrapFlag;
        }

        if ((virtualDr6 & DebugPath.SignalBits) == 0 && !isForced)
        {
            return TrapVerdict.Ignored;
        }

        task.Send(new KernelSignal(KernelSignal.Trap, DebugPath.SignalCode(virtualDr6)));
        return TrapVerdict.Signal;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<TrapVerdict> Before2009(KernelContext c, TaskDebugState task, KernelRegisters registers, ulong dr6)
    {
        if ((dr6 & Dr6Bits.Breakpoints) != 0 && await task.VirtualDr7.Read(c) == 0)
        {
            c.Line("clear_dr7: a lazily kept register of another task has fired");
            await c.Home.DebugRegisters.Write(c, 7, 0);
            return TrapVerdict.Ignored;
        }

        c.Line("tsk->thread.debugreg[6] = condition;");
        await task.VirtualDr6.Write(c, dr6);
        if ((dr6 & Dr6Bits.SingleStep) != 0 && !registers.IsUserMode)
        {
            c.Line("clear_TF_reenable: set_tsk_thread_flag(tsk, TIF_SINGLESTEP); regs->eflags &= ~TF_MASK;");
            await task.SingleStep.Write(c, true);
            registers.Flags &= ~KernelRegisters.TrapFlag;
            return TrapVerdict.Ignored;
        }

        // Re-armed when the signal is delivered.
        c.Line("send_sigtrap(tsk, regs, error_code); clear_dr7");
        task.Send(new KernelSignal(KernelSignal.Trap, DebugPath.SignalCode(dr6)));
        await c.Home.DebugRegisters.Write(c, 7, 0);
        return TrapVerdict.Signal;
    }
}
