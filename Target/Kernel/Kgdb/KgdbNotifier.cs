using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>How exceptions reach the debugger (arch/x86/kernel/kgdb.c: __kgdb_notify, kgdb_notify, kgdb_nmi_handler).</summary>
internal sealed class KgdbNotifier
{
    private readonly KgdbCore _core;
    private readonly TrapPath _traps;
    private readonly IHitSource? _hits;
    private readonly KgdbForm _form;

    /// <summary>A hit has had its session when the chain gets here, and is only to be dismissed.</summary>
    private readonly bool _hasSessionInCallback;

    /// <summary>Only its own hits and its own step start a session.</summary>
    private readonly bool _judges;

    public KgdbNotifier(KgdbCore core, KernelModel kernel, TrapPath traps, IHitSource? hits)
    {
        _traps = traps;
        _core = core;
        _form = core.Options.Form;
        _hits = hits;
        _hasSessionInCallback = _form.Overflow is OverflowAction.RunsWorker or OverflowAction.RunsLowLevelTrap;
        _judges = (hits is not null || _hasSessionInCallback) && !core.Options.Has(KgdbDefects.AnyDebugException);
        Block = new NotifierBlock<DieArgs>(kernel, "kgdb", _form.NotifierPriority, Notify);
    }

    /// <summary>kgdb's place on the die chain.</summary>
    public NotifierBlock<DieArgs> Block { get; }

    /// <summary>What a breakpoint's callback says of its exception: no DR6, trap 0, SIGTRAP.</summary>
    public static DieArgs ArgsOfCallback(DieArgs args) => new() { Registers = args.Registers, TrapNumber = 0, Signal = KernelSignal.Trap };

    /// <summary>kgdb_ll_trap(): does nothing while nobody plays the debugger.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<NotifyResult> LowLevelTrap(KernelContext c, DieCode code, DieArgs args) =>
        _core.Session is null ? NotifyResult.Done : await Work(c, code, args);

    /// <summary>kgdb_nmi_handler() for NMI_LOCAL.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> NmiLocal(KernelContext c, KernelRegisters registers)
    {
        c.Line("if (atomic_read(&kgdb_active) != -1)");
        if (await _core.Active.Read(c) == KgdbCore.Nobody)
        {
            return false;
        }

        await _core.NmiCallback(c, registers);
        await _core.Cpus[c.Home.Number].WasInDebugNmi.Write(c, true);
        return true;
    }

    /// <summary>kgdb_nmi_handler() for NMI_UNKNOWN: swallows one.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> NmiUnknown(KernelContext c, KernelRegisters registers)
    {
        SharedCell<bool> was = _core.Cpus[c.Home.Number].WasInDebugNmi;
        c.Line("if (test_and_clear_bit(cpu, was_in_debug_nmi)) return NMI_HANDLED;");
        return await was.Exchange(c, false);
    }

    /// <summary>__kgdb_notify().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<NotifyResult> Work(KernelContext c, DieCode code, DieArgs args)
    {
        if (code == DieCode.Debug && await WorkDebug(c, args) is { } decided)
        {
            return decided;
        }

        c.Line("if (user_mode(regs)) return NOTIFY_DONE;");
        if (args.Registers.IsUserMode)
        {
            return NotifyResult.Done;
        }

        c.Line("if (kgdb_handle_exception(args->trapnr, args->signr, cmd, regs)) return NOTIFY_DONE;");
        long error = _form.PassesDieCode ? (long)code : (long)args.Dr6;
        int result = await _core.HandleException(c, args.TrapNumber, args.Signal, error, args.Registers);
        return result != 0 ? NotifyResult.Done : NotifyResult.Stop;
    }

    /// <summary>kgdb_notify(): the worker with interrupts off.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<NotifyResult> Notify(KernelContext c, DieCode code, DieArgs args)
    {
        if (_form.NmiOnDieChain && code is DieCode.Nmi or DieCode.NmiUnknown)
        {
            bool taken = code == DieCode.Nmi ? await NmiLocal(c, args.Registers) : await NmiUnknown(c, args.Registers);
            return taken ? NotifyResult.Stop : NotifyResult.Done;
        }

        bool irqs = c.Control.IrqsEnabled && await c.LocalIrqSave();
        NotifyResult result = await Work(c, code, args);
        if (irqs)
        {
            await c.LocalIrqRestore(true);
        }

        return result;
    }

    /// <summary>The part for debug exceptions: an answer, or none, if they are the debugger's.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<NotifyResult?> WorkDebug(KernelContext c, DieArgs args)
    {
        if (_judges && _hasSessionInCallback && (!args.HasDr6 || _traps.Innermost(c.Home)!.HasHadSession))
        {
            // The callback itself, or the chain after it: its session was for the whole exception, whatever else DR6 says of it and
            // whatever has been ordered there.
            return args.HasDr6 ? NotifyResult.Stop : null;
        }

        uint? taken = _hits is null ? 0 : await _hits.Take(c, args);
        if (taken is not { } hits)
        {
            return NotifyResult.Stop;
        }

        c.Line("if (atomic_read(&kgdb_cpu_doing_single_step) != -1)");
        int stepping = await _core.SteppingCpu.Read(c);
        bool isStep = stepping != KgdbCore.Nobody && (!_judges || IsOwnStep(c, stepping, args));
        if (isStep)
        {
            bool ends = args.Registers.IsUserMode && _core.Options.Cures(KgdbCures.EndStepInUserMode);
            return ends ? await ContinueStep(c, args) : null;
        }

        c.Line("else if (test_thread_flag(TIF_SINGLESTEP)) return NOTIFY_DONE;");
        if (_core.Options.Cures(KgdbCures.LeaveSteppedTasks) && await c.Home.CurrentDebug.SingleStep.Read(c) && hits == 0)
        {
            return NotifyResult.Done;
        }

        if (_judges)
        {
            return hits == 0 ? NotifyResult.Done : null;
        }

        return _form.HasReceivedFlag ? await Dismiss(c, args) : null;
    }

    private static bool IsOwnStep(KernelContext c, int stepping, DieArgs args) =>
        stepping == c.Home.Number && (args.Dr6 & Dr6Bits.SingleStep) != 0;

    /// <summary>recieved_hw_brk[cpu] and the test of DR6, as posted in January 2010.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<NotifyResult?> Dismiss(KernelContext c, DieArgs args)
    {
        SharedCell<bool> received = _core.Cpus[c.Home.Number].ReceivedHwBrk;
        c.Line("else if (recieved_hw_brk[raw_smp_processor_id()] == 1)");
        if (await received.Read(c))
        {
            c.Line("recieved_hw_brk[raw_smp_processor_id()] = 0; return NOTIFY_STOP;");
            await received.Write(c, false);
            return NotifyResult.Stop;
        }

        c.Line("else if (dr6_p && (*dr6_p & DR_TRAP_BITS) == 0) return NOTIFY_DONE;");
        return _form.TestsDr6 && args.HasDr6 && (args.Dr6 & Dr6Bits.Breakpoints) == 0 ? NotifyResult.Done : null;
    }

    /// <summary>single_step_cont(): the step has led into user mode, where the debugger has nothing to do.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<NotifyResult> ContinueStep(KernelContext c, DieArgs args)
    {
        _core.Console.Add("KGDB: trap/step from kernel to user space, resuming...");
        await _core.AbandonStep(c, args.Registers);
        c.Line("(*(unsigned long *)ERR_PTR(args->err)) &= ~DR_STEP;");
        args.Dr6 &= ~Dr6Bits.SingleStep;
        return NotifyResult.Stop;
    }
}
