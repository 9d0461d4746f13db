using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>
/// do_debug() of mid-2009 with breakpoints as the only member of the die chain, for scenarios that have no processor
/// (arch/x86/kernel/traps.c, commit 08d68323d1f0).
/// </summary>
internal sealed class DebugTrap(BreakpointTables tables, DebugHandler handler)
{
    /// <summary>An access of kernel code on the context's CPU, and the #DB if a register watches it.</summary>
    /// <returns>Whether there was one.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> Access(KernelContext c, ulong address, int length, bool isWrite)
    {
        bool isHit = await new Step<WatchedAccess, bool>(c, new WatchedAccess(address, length, isWrite));
        if (isHit)
        {
            await DoDebug(c);
            await c.Home.Leave(c);
        }

        return isHit;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask DoDebug(KernelContext c)
    {
        c.Line("get_debugreg(dr6, 6); set_debugreg(0, 6);");
        ulong dr6 = await c.Home.DebugRegisters.Read(c, 6) ^ DebugRegisterFile.Dr6Idle;
        await c.Home.DebugRegisters.Write(c, 6, DebugRegisterFile.Dr6Idle);
        ThreadBreakpoints thread = tables.Current(c.Home);
        await thread.DebugReg6.Write(c, dr6);
        DieArgs args = new() { Registers = new KernelRegisters(), Dr6 = dr6, HasDr6 = true };
        if (await handler.Handle(c, args) == NotifyResult.Stop && !tables.Form.SignalsSwallowedHits)
        {
            return;
        }

        c.Line("if (tsk->thread.debugreg6 & (DR_STEP | DR_TRAP_BITS)) send_sigtrap(tsk, regs, error_code, si_code);");
        ulong virtualDr6 = await thread.DebugReg6.Read(c);
        if (tables.Form.SignalsSwallowedHits || (virtualDr6 & (Dr6Bits.SingleStep | Dr6Bits.Breakpoints)) != 0)
        {
            await thread.Signals.Write(c, await thread.Signals.Read(c) + 1);
        }
    }
}
