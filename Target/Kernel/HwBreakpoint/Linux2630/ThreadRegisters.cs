using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>
/// Breakpoints of threads: counted per register, loaded when a thread that has some gets a CPU, and lazily left there until
/// they fire (kernel/hw_breakpoint.c, arch/x86/kernel/hw_breakpoint.c, process.c; commits 62a038d34db2, 66cb59172959).
/// </summary>
internal sealed class ThreadRegisters
{
    private readonly BreakpointTables _tables;
    private readonly InfoValidator _validator;

    public ThreadRegisters(KernelModel kernel, BreakpointTables tables, InfoValidator validator)
    {
        _tables = tables;
        _validator = validator;
        kernel.SwitchHooks.Add((c, _, next) => SwitchTo(c, next));
    }

    /// <summary>register_user_hw_breakpoint(): the lowest register the thread has free below the kernel's.</summary>
    /// <returns>-ENOSPC without one; what the validation says.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Register(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint bp)
    {
        await EnterUnlessUnlocked(c);
        Errno result = Errno.NoSpace;
        int position = await _tables.Position.Read(c);
        for (int i = 0; i < position; i++)
        {
            if (await thread.Breakpoints[i].Read(c) is null)
            {
                result = await RegisterAt(c, thread, bp, i);
                break;
            }
        }

        await LeaveUnlessUnlocked(c);
        return result;
    }

    /// <summary>__register_user_hw_breakpoint(): the worker, under the lock.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> RegisterAt(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint bp, int i)
    {
        c.Line("if (pos >= hbp_kernel_pos) return -ENOSPC;");
        if (i >= await _tables.Position.Read(c))
        {
            return Errno.NoSpace;
        }

        BreakpointInfo info = await bp.Info.Read(c);
        Errno result = _validator.Validate(ref info, true, bp.Triggered is not null);
        if (result != Errno.None)
        {
            return result;
        }

        c.Line("thread->hbp[pos] = bp; hbp_user_refcount[pos]++;");
        await thread.Breakpoints[i].Write(c, bp);
        await _tables.UserCount[i].Write(c, await _tables.UserCount[i].Read(c) + 1);
        await Update(c, thread, i);
        await thread.HasBreakpoints.Write(c, true);
        return Errno.None;
    }

    /// <summary>modify_user_hw_breakpoint(): the same object in the same register; nothing changes hands.</summary>
    /// <returns>-ENOENT if the thread doesn't have it; what the validation says.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Modify(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint bp)
    {
        await EnterUnlessUnlocked(c);
        int i = await Find(c, thread, bp);
        Errno result = Errno.NoEntry;
        if (i >= 0)
        {
            BreakpointInfo info = await bp.Info.Read(c);
            result = _validator.Validate(ref info, true, bp.Triggered is not null);
            if (result == Errno.None)
            {
                await Update(c, thread, i);
            }
        }

        await LeaveUnlessUnlocked(c);
        return result;
    }

    /// <summary>unregister_user_hw_breakpoint().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Unregister(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint bp)
    {
        await EnterUnlessUnlocked(c);
        int i = await Find(c, thread, bp);
        if (i >= 0)
        {
            c.Line("hbp_user_refcount[pos]--; thread->hbp[pos] = NULL;");
            await _tables.UserCount[i].Write(c, await _tables.UserCount[i].Read(c) - 1);
            await thread.Breakpoints[i].Write(c, null);
            await Update(c, thread, i);
            bool hasOthers = false;
            foreach (SharedCell<HardwareBreakpoint?> other in thread.Breakpoints)
            {
                hasOthers |= await other.Read(c) is not null;
            }

            if (!hasOthers)
            {
                await thread.HasBreakpoints.Write(c, false);
            }
        }

        await LeaveUnlessUnlocked(c);
    }

    /// <summary>
    /// flush_thread_hw_breakpoint(): the thread execs, exits, or is freed long after; then it isn't <c>current</c>, and the
    /// context is a softirq.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Flush(KernelContext c, ThreadBreakpoints thread)
    {
        await _tables.Enter(c);
        c.Line("clear_tsk_thread_flag(tsk, TIF_DEBUG);");
        await thread.HasBreakpoints.Write(c, false);
        for (int i = 0; i < BreakpointTables.RegisterCount; i++)
        {
            if (await thread.Breakpoints[i].Read(c) is { } bp)
            {
                c.Line("hbp_user_refcount[i]--; kfree(thread->hbp[i]);");
                await _tables.UserCount[i].Write(c, await _tables.UserCount[i].Read(c) - 1);
                await bp.Free(c);
                await thread.Breakpoints[i].Write(c, null);
            }
        }

        await ClearThread(c, thread);
        if (_tables.Form.FlushesAnyonesRegisters || ReferenceEquals(thread, _tables.Current(c.Home)))
        {
            await Uninstall(c);
        }

        await _tables.Leave(c);
    }

    /// <summary>copy_thread(): a child has no breakpoints, whatever the parent has.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask Fork(KernelContext c, ThreadBreakpoints child)
    {
        await child.HasBreakpoints.Write(c, false);
        await ClearThread(c, child);
        foreach (SharedCell<HardwareBreakpoint?> slot in child.Breakpoints)
        {
            await slot.Write(c, null);
        }
    }

    /// <summary>arch_install_thread_hw_breakpoint(): what threads own of the registers is this one's.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Install(KernelContext c, ThreadBreakpoints thread)
    {
        int position = await _tables.Position.Read(c);
        for (int i = position - 1; i >= 0; i--)
        {
            c.Line("set_debugreg(thread->debugreg[i], i);");
            await c.Home.DebugRegisters.Write(c, i, await thread.Addresses[i].Read(c));
        }

        c.Line("set_debugreg(kdr7 | thread->debugreg7, 7);");
        ulong kdr7 = await _tables.Kdr7(c.Home.Number).Read(c);
        await c.Home.DebugRegisters.Write(c, 7, kdr7 | await thread.DebugReg7.Read(c));
    }

    /// <summary>arch_uninstall_thread_hw_breakpoint().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Uninstall(KernelContext c)
    {
        c.Line("set_debugreg(kdr7, 7);");
        await c.Home.DebugRegisters.Write(c, 7, await _tables.Kdr7(c.Home.Number).Read(c));
    }

    /// <summary>__switch_to(), after <c>current</c> has changed: a thread without breakpoints leaves the registers as they are.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask SwitchTo(KernelContext c, KernelTask next)
    {
        ThreadBreakpoints thread = _tables.Thread(next);
        c.Line("if (unlikely(test_tsk_thread_flag(next_p, TIF_DEBUG)))");
        if (await thread.HasBreakpoints.Read(c))
        {
            await Install(c, thread);
        }
    }

    /// <summary>arch_update_user_hw_breakpoint(), and the registers too if the thread runs here.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Update(KernelContext c, ThreadBreakpoints thread, int i)
    {
        ulong dr7 = await thread.DebugReg7.Read(c) & ~ThreadBreakpoints.Mask(i);
        ulong address = 0;
        if (await thread.Breakpoints[i].Read(c) is { } bp)
        {
            BreakpointInfo info = await bp.Info.Read(c);
            address = info.Address;
            dr7 |= Dr7Encoding.Encode(i, info.LengthCode, info.TypeCode);
        }

        await thread.Addresses[i].Write(c, address);
        await thread.DebugReg7.Write(c, dr7);
        if (ReferenceEquals(thread, _tables.Current(c.Home)))
        {
            await Install(c, thread);
        }
    }

    /// <summary>arch_flush_thread_hw_breakpoint().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask ClearThread(KernelContext c, ThreadBreakpoints thread)
    {
        await thread.DebugReg7.Write(c, 0);
        foreach (SharedCell<ulong> address in thread.Addresses)
        {
            await address.Write(c, 0);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<int> Find(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint bp)
    {
        for (int i = 0; i < BreakpointTables.RegisterCount; i++)
        {
            if (ReferenceEquals(await thread.Breakpoints[i].Read(c), bp))
            {
                return i;
            }
        }

        return -1;
    }

    private ValueTask EnterUnlessUnlocked(KernelContext c) => _tables.Form.RegistersThreadsUnlocked ? default : _tables.Enter(c);

    private ValueTask LeaveUnlessUnlocked(KernelContext c) => _tables.Form.RegistersThreadsUnlocked ? default : _tables.Leave(c);
}
