using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>
/// Kernel breakpoints changed while the other CPUs stand in a debugger: nobody can be waited for, so the table is changed at once,
/// and each CPU makes its registers agree with it on its own way out.
/// </summary>
/// <remarks>
/// An inference: the interface of June 2009 was never used by a debugger. From it are the table, who may have which register, and the
/// function that a CPU runs; from perf's dbg_reserve_bp_slot() of 2010, that a lock held by somebody who stands is a refusal. Unlike
/// unregister_kernel_hw_breakpoint() this moves no breakpoint to another register, since a CPU may stand with a hit whose handler has
/// not looked it up yet: the place stays empty, and the next breakpoint gets it.
/// </remarks>
internal sealed class StandingBreakpoints(BreakpointTables tables, KernelBreakpoints kernel, ThreadRegisters threads, InfoValidator validator)
{
    /// <returns>-EBUSY if the lock is held; what the validation says; -ENOSPC if the register below the kernel's is any thread's.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Register(KernelContext c, HardwareBreakpoint bp)
    {
        if (tables.Lock.Holder is not null)
        {
            return Errno.Busy;
        }

        BreakpointInfo info = bp.Info.Value;
        Errno result = validator.Validate(ref info, false, bp.Triggered is not null);
        return result == Errno.None ? await Place(c, bp) : result;
    }

    /// <summary>The same without a look at what is asked for.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Place(KernelContext c, HardwareBreakpoint bp)
    {
        if (tables.Lock.Holder is not null)
        {
            return Errno.Busy;
        }

        int position = await tables.Position.Read(c);
        for (int i = BreakpointTables.RegisterCount - 1; i >= position; i--)
        {
            if (await tables.Kernel[i].Read(c) is null)
            {
                await tables.Kernel[i].Write(c, bp);
                return Errno.None;
            }
        }

        c.Line("if (hbp_kernel_pos > 0 && !hbp_user_refcount[hbp_kernel_pos - 1])");
        if (position == 0 || await tables.UserCount[position - 1].Read(c) != 0)
        {
            return Errno.NoSpace;
        }

        await tables.Position.Write(c, position - 1);
        await tables.Kernel[position - 1].Write(c, bp);
        return Errno.None;
    }

    /// <returns>-EBUSY if the lock is held.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Unregister(KernelContext c, HardwareBreakpoint bp)
    {
        if (tables.Lock.Holder is not null)
        {
            return Errno.Busy;
        }

        int position = await tables.Position.Read(c);
        for (int i = position; i < BreakpointTables.RegisterCount; i++)
        {
            if (ReferenceEquals(await tables.Kernel[i].Read(c), bp))
            {
                await tables.Kernel[i].Write(c, null);
            }
        }

        int first = position;
        while (first < BreakpointTables.RegisterCount && await tables.Kernel[first].Read(c) is null)
        {
            first++;
        }

        c.Line("hbp_kernel_pos++;");
        await tables.Position.Write(c, first);
        return Errno.None;
    }

    /// <summary>This CPU leaves: its registers are the kernel's as the table has them, and those of the thread that goes on here.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask UpdateHere(KernelContext c)
    {
        await kernel.Update(c);
        await ForgetThreads(c);
        ThreadBreakpoints thread = tables.Current(c.Home);
        if (await thread.HasBreakpoints.Read(c))
        {
            await threads.Install(c, thread);
        }
    }

    /// <summary>Registers that are the kernel's no more, which the update doesn't look at, leave the CPU's table.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask ForgetThreads(KernelContext c)
    {
        int position = await tables.Position.Read(c);
        for (int i = 0; i < position; i++)
        {
            await tables.Loaded(c.Home.Number)[i].Write(c, null);
        }
    }
}
