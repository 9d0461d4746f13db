using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>A tracer's view of its tracee's debug registers (arch/x86/kernel/ptrace.c, commit 72f674d203cd).</summary>
internal sealed class PtraceRegisters(KernelModel kernel, BreakpointTables tables, ThreadRegisters threads, InfoValidator validator)
{
    private int _madeCount;

    /// <summary>How many more allocations succeed; null: all.</summary>
    public SharedCell<int>? MemoryLeft { get; init; }

    /// <summary>PTRACE_PEEKUSER of u_debugreg[<paramref name="number"/>].</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<ulong> Read(KernelContext c, ThreadBreakpoints thread, int number) => number switch
    {
        < 4 => await thread.Addresses[number].Read(c),
        6 => await thread.DebugReg6.Read(c),
        7 => await thread.PtraceDr7.Read(c),
        _ => 0,
    };

    /// <summary>PTRACE_POKEUSER of u_debugreg[<paramref name="number"/>].</summary>
    /// <returns>-EIO for DR4, DR5 and an address outside user space; what registering says for DR7.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Write(KernelContext c, ThreadBreakpoints thread, int number, ulong value)
    {
        switch (number)
        {
            case < 4:
                if (await thread.Breakpoints[number].Read(c) is { } bp)
                {
                    BreakpointInfo info = await bp.Info.Read(c) with { Address = value };
                    if (!validator.IsInUserSpace(info))
                    {
                        return Errno.InputOutput;
                    }

                    await bp.Info.Write(c, info);
                }

                await thread.Addresses[number].Write(c, value);
                return Errno.None;
            case 6:
                await thread.DebugReg6.Write(c, value);
                return Errno.None;
            case 7:
                return await WriteDr7(c, thread, value & ~Dr7Encoding.Reserved);
            default:
                return Errno.InputOutput;
        }
    }

    /// <summary>
    /// ptrace_write_dr7(): first what is enabled, then what is disabled; if the first pass fails, the second establishes the old
    /// DR7 again.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> WriteDr7(KernelContext c, ThreadBreakpoints thread, ulong data)
    {
        ulong old = await thread.PtraceDr7.Read(c);
        HardwareBreakpoint? ahead = tables.Form.PreallocatesOne ? await Allocate(c, default) : null;
        Errno first = tables.Form.PreallocatesOne && ahead is null ? Errno.NoMemory : Errno.None;
        for (int i = 0; i < BreakpointTables.RegisterCount && first == Errno.None; i++)
        {
            first = await Apply(c, thread, Dr7Encoding.Decode(data, i), i, tables.Form.FreesEarly, ahead);
            ahead = tables.Form.PreallocatesOne && await IsInUse(c, thread, ahead) ? null : ahead;
        }

        if (first != Errno.None)
        {
            data = old;
        }

        Errno second = Errno.None;
        for (int i = 0; i < BreakpointTables.RegisterCount && second == Errno.None; i++)
        {
            second = await Apply(c, thread, Dr7Encoding.Decode(data, i), i, true, null);
        }

        await thread.PtraceDr7.Write(c, data);
        return first != Errno.None ? first : second;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Apply(
        KernelContext c, ThreadBreakpoints thread, Dr7Slot wanted, int i, bool frees, HardwareBreakpoint? ahead)
    {
        HardwareBreakpoint? bp = await thread.Breakpoints[i].Read(c);
        if (!wanted.IsEnabled)
        {
            if (bp is not null && frees)
            {
                c.Line("unregister_user_hw_breakpoint(tsk, bp); kfree(bp);");
                await threads.Unregister(c, thread, bp);
                await bp.Free(c);
            }

            return Errno.None;
        }

        return bp is null ? await Enable(c, thread, wanted, i, ahead) : await Change(c, thread, bp, wanted);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Enable(KernelContext c, ThreadBreakpoints thread, Dr7Slot wanted, int i, HardwareBreakpoint? ahead)
    {
        c.Line("bp = kzalloc(sizeof(struct hw_breakpoint), GFP_KERNEL);");
        BreakpointInfo info = new(await thread.Addresses[i].Read(c), wanted.LengthCode, wanted.TypeCode);
        HardwareBreakpoint? bp = tables.Form.PreallocatesOne ? ahead : await Allocate(c, info);
        if (bp is null)
        {
            return Errno.NoMemory;
        }

        if (tables.Form.PreallocatesOne)
        {
            await bp.Info.Write(c, info);
            c.Line("__register_user_hw_breakpoint(i, tsk, bp);");
            return await threads.RegisterAt(c, thread, bp, i);
        }

        c.Line("rc = register_user_hw_breakpoint(tsk, bp);");
        Errno result = tables.Form.RegistersWhereAsked ? await RegisterAt(c, thread, bp, i) : await threads.Register(c, thread, bp);
        if (result != Errno.None)
        {
            await bp.Free(c);
        }

        return result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> RegisterAt(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint bp, int i)
    {
        await tables.Enter(c);
        Errno result = await threads.RegisterAt(c, thread, bp, i);
        await tables.Leave(c);
        return result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Change(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint bp, Dr7Slot wanted)
    {
        if (tables.Form.StoresBeforeModify)
        {
            BreakpointInfo info = await bp.Info.Read(c);
            await bp.Info.Write(c, info with { LengthCode = wanted.LengthCode, TypeCode = wanted.TypeCode });
        }

        if (tables.Form.ReregistersToModify)
        {
            await threads.Unregister(c, thread, bp);
            return await threads.Register(c, thread, bp);
        }

        c.Line("rc = modify_user_hw_breakpoint(tsk, bp);");
        return await threads.Modify(c, thread, bp);
    }

    /// <summary>ptrace_triggered(): by address, so of two at one address the lower; the last one at all if none has it.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Triggered(KernelContext c, HardwareBreakpoint bp, DieArgs args)
    {
        ThreadBreakpoints thread = tables.Current(c.Home);
        ulong address = (await bp.Info.Read(c)).Address;
        int position = await tables.Position.Read(c);
        for (int i = 0; i < position; i++)
        {
            c.Line("if (bp->info.address == thread->hbp[i]->info.address) break;");
            HardwareBreakpoint? found = await thread.Breakpoints[i].Read(c);
            if (found is null && tables.Form.RegistersWhereAsked)
            {
                continue;
            }

            HardwareBreakpoint other = c.Deref(found, "thread->hbp[i]");
            if ((await other.Info.Read(c)).Address == address)
            {
                await thread.DebugReg6.Write(c, await thread.DebugReg6.Read(c) | (1UL << i));
                return;
            }
        }
    }

    /// <summary>kzalloc(): null when memory is out.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<HardwareBreakpoint?> Allocate(KernelContext c, BreakpointInfo info)
    {
        if (MemoryLeft is not null && await MemoryLeft.FetchAdd(c, -1) <= 0)
        {
            return null;
        }

        return new HardwareBreakpoint(kernel, $"{c.Name}.bp{_madeCount++}", info) { Triggered = Triggered };
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<bool> IsInUse(KernelContext c, ThreadBreakpoints thread, HardwareBreakpoint? bp)
    {
        foreach (SharedCell<HardwareBreakpoint?> slot in thread.Breakpoints)
        {
            if (bp is not null && ReferenceEquals(await slot.Read(c), bp))
            {
                return true;
            }
        }

        return false;
    }
}
