using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>#DB: exc_debug@6.1. The older forms are <see cref="OldDebugPath"/>.</summary>
internal sealed class DebugPath(TrapPath path)
{
    private readonly OldDebugPath _old = new(path);

    /// <summary>Part of user mode's #DB that becomes a signal.</summary>
    public const ulong SignalBits = Dr6Bits.SingleStep | Dr6Bits.Breakpoints;

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<TrapVerdict> Handle(KernelContext c, KernelRegisters registers, ulong rawDr6)
    {
        KernelCpu cpu = c.Home;
        await new Step<EnterDebugTrap, Nothing>(c, new EnterDebugTrap(rawDr6));
        OpenTrap trap = path.Open(cpu, TrapKind.Debug, registers);
        TrapVerdict verdict = !path.Options.Version.HasEntryCode ? await _old.Handle(c, trap, registers)
            : registers.IsUserMode ? await User(c, trap) : await Kernel(c, trap, registers);
        path.Close(cpu, trap, verdict);
        await cpu.Leave(c);
        return verdict;
    }

    /// <summary>Part of a step: what debug_read_clear_dr6() has read, with 1 for what happened.</summary>
    private static void Note(OpenTrap trap, ulong raw)
    {
        trap.Args.Dr6 = raw ^ DebugRegisterFile.Dr6Idle;
        trap.Args.HasDr6 = true;
        trap.Event.SetDr6(trap.Args.Dr6);
    }

    /// <summary>exc_debug_kernel(), in one method: every one more costs a hit that is dismissed some 20 ns.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<TrapVerdict> Kernel(KernelContext c, OpenTrap trap, KernelRegisters registers)
    {
        c.Line("debug_read_clear_dr6: get_debugreg(dr6, 6); set_debugreg(DR6_RESERVED, 6);");
        Note(trap, await c.Home.DebugRegisters.Read(c, 6));
        await c.Home.DebugRegisters.Write(c, 6, DebugRegisterFile.Dr6Idle);
        ulong dr7 = await path.LocalDebug.Save(c);
        (ulong from, ulong to) = path.Options.SysenterEntry;
        if ((trap.Args.Dr6 & Dr6Bits.SingleStep) != 0 && registers.Ip >= from && registers.Ip < to)
        {
            trap.Args.Dr6 &= ~Dr6Bits.SingleStep;
        }

        TrapVerdict verdict = TrapVerdict.Ignored;
        if (trap.Args.Dr6 != 0)
        {
            c.Line("notify_die(DIE_DEBUG, \"debug\", regs, (long)&dr6, 0, SIGTRAP)");
            bool taken = await path.Notify(c, trap, DieCode.Debug, 0, KernelSignal.Trap) == NotifyResult.Stop;
            verdict = taken ? TrapVerdict.Consumed : TrapVerdict.Ignored;
            if (!taken && (trap.Args.Dr6 & Dr6Bits.SingleStep) != 0)
            {
                // WARN_ON_ONCE: the kernel isn't stepped by anybody who didn't say so; go on without.
                registers.Flags &= ~KernelRegisters.TrapFlag;
            }
        }

        await path.LocalDebug.Restore(c, dr7);
        return verdict;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<TrapVerdict> User(KernelContext c, OpenTrap trap)
    {
        c.Line("debug_read_clear_dr6: get_debugreg(dr6, 6); set_debugreg(DR6_RESERVED, 6);");
        Note(trap, await c.Home.DebugRegisters.Read(c, 6));
        await c.Home.DebugRegisters.Write(c, 6, DebugRegisterFile.Dr6Idle);
        TaskDebugState task = c.Home.CurrentDebug;
        c.Line("current->thread.virtual_dr6 = (dr6 & DR_STEP);");
        await task.VirtualDr6.Write(c, trap.Args.Dr6 & Dr6Bits.SingleStep);
        bool icebp = trap.Args.Dr6 == 0;
        c.Line("notify_die(DIE_DEBUG, \"debug\", regs, (long)&dr6, 0, SIGTRAP)");
        if (await path.Notify(c, trap, DieCode.Debug, 0, KernelSignal.Trap) == NotifyResult.Stop)
        {
            return TrapVerdict.Consumed;
        }

        c.Line("dr6 |= current->thread.virtual_dr6;");
        ulong dr6 = trap.Args.Dr6 | await task.VirtualDr6.Read(c);
        if ((dr6 & SignalBits) == 0 && !icebp)
        {
            return TrapVerdict.Ignored;
        }

        task.Send(new KernelSignal(KernelSignal.Trap, SignalCode(dr6)));
        return TrapVerdict.Signal;
    }

    /// <summary>get_si_code().</summary>
    public static int SignalCode(ulong dr6) =>
        (dr6 & Dr6Bits.SingleStep) != 0 ? KernelSignal.CodeTrace
        : (dr6 & Dr6Bits.Breakpoints) != 0 ? KernelSignal.CodeHardwareBreakpoint : KernelSignal.CodeBreakpoint;
}
