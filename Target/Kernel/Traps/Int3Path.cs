using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>#BP: exc_int3@6.1; do_int3@2.6.14 to 2.6.35.</summary>
internal sealed class Int3Path(TrapPath path)
{
    /// <summary>Vector 3.</summary>
    private const int Vector = 3;

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<TrapVerdict> Handle(KernelContext c, KernelRegisters registers)
    {
        KernelCpu cpu = c.Home;
        await cpu.EnterTrap(c, ContextKind.Breakpoint);
        OpenTrap trap = path.Open(cpu, TrapKind.Int3, registers);
        TrapVerdict verdict = await Ask(c, trap, registers) ? TrapVerdict.Consumed : await Unclaimed(c, trap, registers);
        path.Close(cpu, trap, verdict);
        await cpu.Leave(c);
        return verdict;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> Ask(KernelContext c, OpenTrap trap, KernelRegisters registers)
    {
        // Before 2013 these two, where there are any, are on the chain.
        bool hooksFirst = path.Options.Version.HasEntryCode;
        if (hooksFirst && path.TextPoke is { } poke && await AskHook(c, trap, poke, registers))
        {
            return true;
        }

        if (path.LowLevelTrap is { } lowLevel)
        {
            c.Line("kgdb_ll_trap(DIE_INT3, \"int3\", regs, error_code, X86_TRAP_BP, SIGTRAP)");
            trap.Args.TrapNumber = Vector;
            trap.Args.Signal = KernelSignal.Trap;
            NotifyResult answer = await lowLevel(c, DieCode.Int3, trap.Args);
            trap.Event.Looked("kgdb", answer);
            if (answer == NotifyResult.Stop)
            {
                return true;
            }
        }

        if (hooksFirst && path.Kprobes is { } kprobes && await AskHook(c, trap, kprobes, registers))
        {
            return true;
        }

        c.Line("notify_die(DIE_INT3, \"int3\", regs, error_code, X86_TRAP_BP, SIGTRAP)");
        return await path.Notify(c, trap, DieCode.Int3, Vector, KernelSignal.Trap) == NotifyResult.Stop;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<bool> AskHook(KernelContext c, OpenTrap trap, IInt3Hook hook, KernelRegisters registers)
    {
        bool taken = await hook.Handle(c, registers);
        trap.Event.Looked(hook.Name, taken ? NotifyResult.Stop : NotifyResult.Done);
        return taken;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<TrapVerdict> Unclaimed(KernelContext c, OpenTrap trap, KernelRegisters registers)
    {
        if (registers.IsUserMode)
        {
            c.Line("do_trap(X86_TRAP_BP, SIGTRAP, \"int3\", regs, 0, 0, NULL);");
            c.Home.CurrentDebug.Send(new KernelSignal(KernelSignal.Trap, KernelSignal.CodeKernel));
            return TrapVerdict.Signal;
        }

        c.Line("die(\"int3\", regs, 0);");
        if (await path.Notify(c, trap, DieCode.Oops, Vector, KernelSignal.Segmentation) == NotifyResult.Stop)
        {
            return TrapVerdict.Consumed;
        }

        c.Fail("stray int3", $"{c.Name}: nobody takes the int3 at {registers.Ip - 1:x}: oops");
        return TrapVerdict.Oops;
    }
}
