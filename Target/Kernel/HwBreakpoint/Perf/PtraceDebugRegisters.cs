using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// The debug registers a tracer sees in its tracee: DR0-3 and DR7 are breakpoints of the task, DR6 is what happened to it
/// (arch/x86/kernel/ptrace.c@6.1: ptrace_set_debugreg, ptrace_write_dr7, ptrace_triggered).
/// </summary>
internal sealed class PtraceDebugRegisters(KernelModel kernel, PerfBreakpoints perf)
{
    /// <summary>PTRACE_PEEKUSER of u_debugreg[<paramref name="number"/>].</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<ulong> Read(KernelContext c, KernelTask task, int number)
    {
        TaskBreakpoints of = perf.Tasks.Of(task);
        return number switch
        {
            < 4 => await of.Ptrace[number].Read(c) is { } bp ? (await bp.Arch.Read(c)).Address : 0,
            6 => await of.VirtualDr6.Read(c) ^ DebugRegisterFile.Dr6Idle,
            7 => await of.PtraceDr7.Read(c),
            _ => 0,
        };
    }

    /// <summary>PTRACE_POKEUSER of u_debugreg[<paramref name="number"/>].</summary>
    /// <returns>-EIO for DR4 and DR5; else what the breakpoints' registration says.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Write(KernelContext c, KernelTask task, int number, ulong value)
    {
        switch (number)
        {
            case < 4:
                return await WriteAddress(c, task, number, value);
            case 6:
                await perf.Tasks.Of(task).VirtualDr6.Write(c, value ^ DebugRegisterFile.Dr6Idle);
                return Errno.None;
            case 7:
                return await WriteControl(c, task, value);
            default:
                return Errno.InputOutput;
        }
    }

    /// <summary>flush_ptrace_hw_breakpoint(): the task execs or ends.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Flush(KernelContext c, KernelTask task)
    {
        TaskBreakpoints of = perf.Tasks.Of(task);
        foreach (SharedCell<PerfBreakpoint?> slot in of.Ptrace)
        {
            if (await slot.Read(c) is { } bp)
            {
                await perf.Unregister(c, bp);
                await slot.Write(c, null);
            }
        }

        await of.PtraceDr7.Write(c, 0);
    }

    /// <summary>ptrace_triggered(): the task learns which of its registers it was.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Triggered(KernelContext c, PerfBreakpoint bp, DieArgs args)
    {
        TaskBreakpoints of = perf.Tasks.Current(c.Home);
        for (int i = 0; i < of.Ptrace.Length; i++)
        {
            if (ReferenceEquals(await of.Ptrace[i].Read(c), bp))
            {
                await of.VirtualDr6.Write(c, await of.VirtualDr6.Read(c) | (1UL << i));
                return;
            }
        }
    }

    /// <summary>ptrace_set_breakpoint_addr(): without a breakpoint yet, a disabled one that watches writes of one byte.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> WriteAddress(KernelContext c, KernelTask task, int n, ulong address)
    {
        SharedCell<PerfBreakpoint?> slot = perf.Tasks.Of(task).Ptrace[n];
        return await slot.Read(c) is { } bp
            ? await perf.ModifyUser(c, bp, (await bp.Attributes.Read(c)) with { Address = address }, false)
            : await Create(c, task, n, new BreakpointAttributes(address, 1, BreakpointType.Write) { IsDisabled = true });
    }

    /// <summary>ptrace_write_dr7(): all of it, or what was there before.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> WriteControl(KernelContext c, KernelTask task, ulong value)
    {
        SharedCell<ulong> dr7 = perf.Tasks.Of(task).PtraceDr7;
        ulong old = await dr7.Read(c);
        value &= ~Dr7Encoding.Reserved;
        Errno result = await Apply(c, task, value);
        if (result == Errno.None)
        {
            await dr7.Write(c, value);
        }
        else if (await Apply(c, task, old) != Errno.None)
        {
            c.Warn("ptrace DR7", $"{c.Name} can't go back to the DR7 that {task.Name} had");
        }

        return result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Apply(KernelContext c, KernelTask task, ulong dr7)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            Dr7Slot wanted = Dr7Encoding.Decode(dr7, i);
            PerfBreakpoint? bp = await perf.Tasks.Of(task).Ptrace[i].Read(c);
            if (bp is null && !wanted.IsEnabled)
            {
                continue;
            }

            Errno result = bp is null
                ? await Create(c, task, i, wanted.Attributes(0))
                : await Modify(c, bp, wanted);
            if (result != Errno.None)
            {
                return result;
            }
        }

        return Errno.None;
    }

    /// <summary>ptrace_modify_breakpoint(): one that is disabled keeps its type, its length and its slot.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Modify(KernelContext c, PerfBreakpoint bp, Dr7Slot wanted)
    {
        BreakpointAttributes old = await bp.Attributes.Read(c);
        return await perf.ModifyUser(c, bp, wanted.IsEnabled ? wanted.Attributes(old.Address) : old with { IsDisabled = true }, false);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Create(KernelContext c, KernelTask task, int n, BreakpointAttributes attributes)
    {
        PerfBreakpoint bp = new(kernel, $"{task.Name}.ptrace{n}", attributes, null, task) { OverflowHandler = Triggered };
        Errno result = await perf.RegisterTask(c, bp, false);
        if (result == Errno.None)
        {
            await perf.Tasks.Of(task).Ptrace[n].Write(c, bp);
        }

        return result;
    }
}
