using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// hw_breakpoint_handler(): gives each hit to the breakpoint in that register. Runs with interrupts off; before
/// <see cref="HandlerForm.SavesDr7"/> went away it turned DR7 off by itself.
/// </summary>
internal sealed class DebugExceptionHandler(CpuBreakpoints[] cpus, BreakpointTasks tasks, HandlerForm form)
{
    public HandlerForm Form => form;

    /// <param name="c">The #DB's context.</param>
    /// <param name="args">Its copy of DR6 loses the bits of the hits handled here.</param>
    /// <returns>
    /// <see cref="NotifyResult.Stop"/> if nobody else has to look: all was for breakpoints, and none of them a tracer's or a
    /// debugger's.
    /// </returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<NotifyResult> Handle(KernelContext c, DieArgs args)
    {
        ulong dr6 = args.HasDr6 ? args.Dr6 : 0;
        if ((dr6 & Dr6Bits.Breakpoints) == 0)
        {
            return NotifyResult.Done;
        }

        CpuBreakpoints cpu = cpus[c.Home.Number];
        SharedCell<ulong> virtualDr6 = tasks.Current(c.Home).VirtualDr6;
        ulong saved = 0;
        if (form.ClearsVirtualDr6)
        {
            await virtualDr6.Write(c, await virtualDr6.Read(c) & ~Dr6Bits.Breakpoints);
        }

        if (form.SavesDr7)
        {
            c.Line("get_debugreg(dr7, 7); set_debugreg(0UL, 7);");
            saved = await c.Home.DebugRegisters.Read(c, 7);
            await c.Home.DebugRegisters.Write(c, 7, 0);
        }

        bool isOwned = await HandleHits(c, args, cpu, dr6);
        bool isWanted = form.AnswersDoneIfOwned ? isOwned : (await virtualDr6.Read(c) & Dr6Bits.Breakpoints) != 0;
        if (form.SavesDr7)
        {
            c.Line("set_debugreg(dr7, 7);");
            await c.Home.DebugRegisters.Write(c, 7, form.RestoresWantedDr7 ? await cpu.Dr7.Read(c) : saved);
        }

        return isWanted || (dr6 & ~Dr6Bits.Breakpoints) != 0 ? NotifyResult.Done : NotifyResult.Stop;
    }

    /// <returns>Whether some register that hit had a breakpoint.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> HandleHits(KernelContext c, DieArgs args, CpuBreakpoints cpu, ulong dr6)
    {
        bool isOwned = false;
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            ulong bit = 1UL << i;
            if ((dr6 & bit) == 0)
            {
                continue;
            }

            c.Line("bp = this_cpu_read(bp_per_reg[i]);");
            if (await cpu.Slots[i].Read(c) is not { } bp)
            {
                if (form.StopsAtEmptySlot)
                {
                    args.Dr6 &= ~bit;
                    break;
                }

                continue;
            }

            isOwned = true;
            bool isExecute = (await bp.Arch.Read(c)).TypeCode == ArchBreakpoint.Execute;
            if (isExecute && form.SkipsExecuteWhileStepping && (dr6 & Dr6Bits.SingleStep) != 0)
            {
                continue;
            }

            args.Dr6 &= ~bit;
            await Overflow(c, bp, args);
            if (isExecute)
            {
                args.Registers.Flags |= KernelRegisters.ResumeFlag;
            }
        }

        return isOwned;
    }

    /// <summary>perf_bp_event(): counts, and calls whoever wants to know; what they answer is lost.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Overflow(KernelContext c, PerfBreakpoint bp, DieArgs args)
    {
        BreakpointAttributes attributes = bp.Attributes.Value;
        if (args.Registers.IsUserMode ? attributes.ExcludesUser : attributes.ExcludesKernel)
        {
            return;
        }

        if (form.RequiresActiveState && await bp.State.Read(c) != PerfEventState.Active)
        {
            return;
        }

        await bp.Count.FetchAdd(c, 1);
        if (attributes.OnlyCounts)
        {
            return;
        }

        c.Line("READ_ONCE(event->overflow_handler)(event, data, regs);");
        bp.Sampler?.Sample(c.Home, bp, args.Registers);
        if (bp.OverflowHandler is { } handler)
        {
            await handler(c, bp, args);
        }
    }
}
