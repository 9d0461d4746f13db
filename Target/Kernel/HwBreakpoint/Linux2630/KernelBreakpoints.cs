using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>
/// Breakpoints of the kernel itself: a global table, and an IPI function by which each CPU makes its registers agree with it
/// (kernel/hw_breakpoint.c, arch/x86/kernel/hw_breakpoint.c, commits 62a038d34db2 and 08d68323d1f0).
/// </summary>
internal sealed class KernelBreakpoints
{
    private readonly BreakpointTables _tables;
    private readonly InfoValidator _validator;
    private readonly Func<KernelContext, ValueTask> _update;

    public KernelBreakpoints(BreakpointTables tables, InfoValidator validator)
    {
        _tables = tables;
        _validator = validator;
        _update = Update;
    }

    private InterfaceForm Form => _tables.Form;

    /// <summary>register_kernel_hw_breakpoint().</summary>
    /// <returns>
    /// -EINVAL or -EFAULT for the request; -ENOSPC if the register below the kernel's is any thread's, even if others are free.
    /// </returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Register(KernelContext c, HardwareBreakpoint bp)
    {
        BreakpointInfo info = bp.Info.Value;
        Errno result = _validator.Validate(ref info, false, bp.Triggered is not null);
        if (result != Errno.None)
        {
            return result;
        }

        if (info != bp.Info.Value)
        {
            await bp.Info.Write(c, info);
        }

        await _tables.Enter(c);
        result = Errno.NoSpace;
        c.Line("if (hbp_kernel_pos > 0 && !hbp_user_refcount[hbp_kernel_pos - 1])");
        int position = await _tables.Position.Read(c);
        if (position > 0 && await _tables.UserCount[position - 1].Read(c) == 0)
        {
            c.Line("hbp_kernel_pos--;");
            await _tables.Position.Write(c, position - 1);
            c.Line("hbp_kernel[hbp_kernel_pos] = bp;");
            await _tables.Kernel[position - 1].Write(c, bp);
            await UpdateAll(c);
            result = Errno.None;
        }

        await _tables.Leave(c);
        return result;
    }

    /// <summary>unregister_kernel_hw_breakpoint(): on return no CPU can run its callback any more. Unknown ones are ignored.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Unregister(KernelContext c, HardwareBreakpoint bp)
    {
        await _tables.Enter(c);
        int position = await _tables.Position.Read(c);
        int i = position;
        while (i < BreakpointTables.RegisterCount && !ReferenceEquals(await _tables.Kernel[i].Read(c), bp))
        {
            i++;
        }

        if (i < BreakpointTables.RegisterCount)
        {
            for (; i > position; i--)
            {
                c.Line("hbp_kernel[j] = hbp_kernel[j-1];");
                await _tables.Kernel[i].Write(c, await _tables.Kernel[i - 1].Read(c));
            }

            c.Line("hbp_kernel[hbp_kernel_pos] = NULL;");
            await _tables.Kernel[position].Write(c, null);
            if (Form.MovesPositionEarly)
            {
                await MovePosition(c, position);
                await UpdateAll(c);
            }
            else
            {
                await UpdateAll(c);
                await MovePosition(c, position);
            }
        }

        await _tables.Leave(c);
    }

    /// <summary>arch_update_kernel_hw_breakpoint(): the IPI function; interrupts are off.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Update(KernelContext c)
    {
        int cpu = c.Home.Number;
        SharedCell<ulong> kdr7 = _tables.Kdr7(cpu);
        if (!Form.UpdatesWhileArmed)
        {
            c.Line("set_debugreg(0UL, 7);");
            await c.Home.DebugRegisters.Write(c, 7, 0);
        }

        if (Form.AccumulatesKdr7InPlace)
        {
            c.Line("kdr7 = 0;");
            await kdr7.Write(c, 0);
        }

        ulong temp = 0;
        c.Line("for (i = hbp_kernel_pos; i < HBP_NUM; i++)");
        for (int i = await _tables.Position.Read(c); i < BreakpointTables.RegisterCount; i++)
        {
            temp |= await Load(c, i);
        }

        if (!Form.AccumulatesKdr7InPlace)
        {
            c.Line("kdr7 = temp_kdr7;");
            await kdr7.Write(c, temp);
        }

        c.Line("set_debugreg(kdr7 | current->thread.debugreg7, 7);");
        ulong dr7 = await kdr7.Read(c) | await _tables.Current(c.Home).DebugReg7.Read(c);
        await c.Home.DebugRegisters.Write(c, 7, dr7);
    }

    /// <summary>load_debug_registers(): a starting CPU takes over what is registered.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask LoadDebugRegisters(KernelContext c, ThreadRegisters threads)
    {
        bool irqs = true;
        if (Form.LoadsWithIrqsOff)
        {
            c.Line("local_irq_save(flags); spin_lock(&hw_breakpoint_lock);");
            irqs = await c.LocalIrqSave();
            await _tables.Lock.Lock(c);
        }
        else
        {
            if (!Form.LoadsUnlocked)
            {
                await _tables.Enter(c);
            }

            irqs = await c.LocalIrqSave();
        }

        await Update(c);
        if (Form.LoadsWithIrqsOff)
        {
            await _tables.Lock.Unlock(c);
        }

        await c.LocalIrqRestore(irqs);
        if (await _tables.Current(c.Home).HasBreakpoints.Read(c))
        {
            await threads.Install(c, _tables.Current(c.Home));
        }

        if (!Form.LoadsUnlocked && !Form.LoadsWithIrqsOff)
        {
            await _tables.Leave(c);
        }
    }

    /// <summary>One register: table, address; yields what it adds to DR7.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<ulong> Load(KernelContext c, int i)
    {
        c.Line("per_cpu(this_hbp_kernel[i], cpu) = bp = hbp_kernel[i];");
        HardwareBreakpoint? bp = await _tables.Kernel[i].Read(c);
        if (!Form.HasSingleTable)
        {
            await _tables.Loaded(c.Home.Number)[i].Write(c, bp);
        }

        if (bp is null)
        {
            return 0;
        }

        BreakpointInfo info = await bp.Info.Read(c);
        ulong field = Dr7Encoding.Encode(i, info.LengthCode, info.TypeCode);
        if (Form.AccumulatesKdr7InPlace)
        {
            c.Line("kdr7 |= encode_dr7(i, bp->info.len, bp->info.type);");
            SharedCell<ulong> kdr7 = _tables.Kdr7(c.Home.Number);
            await kdr7.Write(c, await kdr7.Read(c) | field);
        }

        ulong address = info.Address;
        if (Form.ReadsTableTwice)
        {
            c.Line("set_debugreg(hbp_kernel[i]->info.address, i);");
            address = (await c.Deref(await _tables.Kernel[i].Read(c), "hbp_kernel[i]").Info.Read(c)).Address;
        }

        c.Line("set_debugreg(bp->info.address, i);");
        await c.Home.DebugRegisters.Write(c, i, address);
        return field;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask MovePosition(KernelContext c, int position)
    {
        c.Line("hbp_kernel_pos++;");
        await _tables.Position.Write(c, position + 1);
    }

    private ValueTask UpdateAll(KernelContext c)
    {
        c.Line(Form.IpisAreNotAwaited
            ? "on_each_cpu(arch_update_kernel_hw_breakpoint, NULL, 0);" : "on_each_cpu(arch_update_kernel_hw_breakpoint, NULL, 1);");
        return CrossCall.OnEachCpu(c, _update, !Form.IpisAreNotAwaited);
    }
}
