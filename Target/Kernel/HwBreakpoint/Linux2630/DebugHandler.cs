using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>hw_breakpoint_handler() of June 2009: a member of the die chain, of the highest priority (commit 08d68323d1f0).</summary>
internal sealed class DebugHandler(BreakpointTables tables, ThreadRegisters threads)
{
    /// <summary>Gives each hit to the kernel's breakpoint in that register, or to the thread's.</summary>
    /// <param name="c">The #DB's context; interrupts are off.</param>
    /// <param name="args">Its copy of DR6 loses the bits of registers.</param>
    /// <returns>
    /// STOP if only the kernel's breakpoints were hit, or ones left behind by a thread that doesn't run; DONE if the thread has
    /// to hear of it.
    /// </returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<NotifyResult> Handle(KernelContext c, DieArgs args)
    {
        ulong dr6 = args.HasDr6 ? args.Dr6 : 0;
        if ((dr6 & Dr6Bits.Breakpoints) == 0)
        {
            return NotifyResult.Done;
        }

        ThreadBreakpoints thread = tables.Current(c.Home);
        c.Line("if (unlikely(!test_thread_flag(TIF_DEBUG))) arch_uninstall_thread_hw_breakpoint();");
        if (!await thread.HasBreakpoints.Read(c))
        {
            await threads.Uninstall(c);
        }

        c.Line("get_debugreg(dr7, 7); set_debugreg(0UL, 7);");
        ulong dr7 = await c.Home.DebugRegisters.Read(c, 7);
        await c.Home.DebugRegisters.Write(c, 7, 0);
        await thread.DebugReg6.Write(c, await thread.DebugReg6.Read(c) & ~Dr6Bits.Breakpoints);
        NotifyResult result = NotifyResult.Stop;
        for (int i = 0; i < BreakpointTables.RegisterCount; i++)
        {
            if ((dr6 >> i & 1) != 0 && await Hit(c, args, thread, i))
            {
                result = NotifyResult.Done;
            }
        }

        if (tables.Form.RecomputesDr7)
        {
            c.Line("set_debugreg(kdr7 | current->thread.debugreg7, 7);");
            dr7 = await tables.Kdr7(c.Home.Number).Read(c) | await thread.DebugReg7.Read(c);
        }

        c.Line("set_debugreg(dr7, 7);");
        await c.Home.DebugRegisters.Write(c, 7, dr7);
        return (dr6 & ~Dr6Bits.Breakpoints) != 0 ? NotifyResult.Done : result;
    }

    /// <returns>Whether it was a thread's.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> Hit(KernelContext c, DieArgs args, ThreadBreakpoints thread, int i)
    {
        c.Line("if (i >= hbp_kernel_pos)");
        bool isKernels = i >= await tables.Position.Read(c);
        HardwareBreakpoint? bp;
        if (isKernels)
        {
            c.Line(tables.Form.HasSingleTable ? "bp = hbp_kernel[i];" : "bp = per_cpu(this_hbp_kernel[i], cpu);");
            bp = await (tables.Form.HasSingleTable ? tables.Kernel : tables.Loaded(c.Home.Number))[i].Read(c);
        }
        else
        {
            c.Line("bp = current->thread.hbp[i];");
            bp = await thread.Breakpoints[i].Read(c);
        }

        args.Dr6 &= ~(1UL << i);
        if (bp is null && !(isKernels && tables.Form.TestsNullForThreadsOnly))
        {
            return false;
        }

        c.Line("(bp->triggered)(bp, args->regs);");
        HardwareBreakpoint hit = c.Deref(bp, "bp");
        await hit.Touch(c, "triggered");
        await hit.Triggered!(c, hit, args);
        return !isKernels;
    }
}
