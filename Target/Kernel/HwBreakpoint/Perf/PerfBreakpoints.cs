using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// Breakpoints as perf events: slots are promised (<see cref="Slots"/>), requests judged (<see cref="BreakpointParser"/>),
/// registers filled per CPU (<see cref="CpuBreakpoints"/>), hits handed out (<see cref="HandleDebug"/>).
/// </summary>
internal sealed class PerfBreakpoints
{
    private readonly KernelModel _kernel;
    private readonly PerfBreakpointOptions _options;
    private readonly CpuBreakpoints[] _cpus;
    private readonly DebugExceptionHandler _handler;
    private readonly EventPlacement _placement;

    public PerfBreakpoints(KernelModel kernel, PerfBreakpointOptions options)
    {
        _kernel = kernel;
        _options = options;
        Tasks = new BreakpointTasks(kernel);
        Slots = options.HasHistograms
            ? new HistogramSlots(kernel, Tasks) { TakesLocks = options.LocksSlots } : new PinnedCountSlots(kernel, Tasks);
        _cpus = [.. kernel.Cpus.Select(cpu => new CpuBreakpoints(cpu) { IsVirtualized = options.IsVirtualized })];
        _handler = new DebugExceptionHandler(_cpus, Tasks, options.Handler);
        _placement = new EventPlacement(kernel, _cpus, Tasks);
        Ptrace = new PtraceDebugRegisters(kernel, this);
        kernel.SwitchHooks.Add(_placement.SwitchTask);
    }

    public PerfBreakpointOptions Options => _options;

    /// <summary>The accounting; dbg_reserve_bp_slot() and dbg_release_bp_slot() are there.</summary>
    public BreakpointSlots Slots { get; }

    public BreakpointTasks Tasks { get; }

    /// <summary>A tracer's view of its tracees' debug registers.</summary>
    public PtraceDebugRegisters Ptrace { get; }

    /// <summary>The registers of a CPU.</summary>
    public CpuBreakpoints Cpu(int number) => _cpus[number];

    /// <summary>Whom hits on a CPU are marked for: virtual_dr6 of <c>current</c>.</summary>
    public SharedCell<ulong> VirtualDr6(KernelCpu cpu) => Tasks.Current(cpu).VirtualDr6;

    /// <summary>hw_breakpoint_exceptions_notify() for <see cref="DieCode.Debug"/>.</summary>
    public ValueTask<NotifyResult> HandleDebug(KernelContext c, DieArgs args) => _handler.Handle(c, args);

    /// <summary>The handler as a member of the die chain, of the highest priority.</summary>
    public NotifierBlock<DieArgs> Notifier() => new(_kernel, "hw_breakpoint", int.MaxValue,
        (c, code, args) => code == DieCode.Debug ? HandleDebug(c, args) : ValueTask.FromResult(NotifyResult.Done));

    /// <summary>One breakpoint per CPU, as <see cref="RegisterWide"/> wants them.</summary>
    public PerfBreakpoint[] MakeWide(string name, BreakpointAttributes attributes) =>
        [.. _kernel.Cpus.Select(cpu => new PerfBreakpoint(_kernel, $"{name}.C{cpu.Number}", attributes, cpu.Number, null))];

    /// <summary>perf_event_create_kernel_counter() for one CPU: reserves, then validates, then installs.</summary>
    /// <returns>
    /// -ENOSPC before anything is said about the request; then what <see cref="BreakpointParser.Parse"/> says, with the slot
    /// given back.
    /// </returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> RegisterCpu(KernelContext c, PerfBreakpoint bp)
    {
        Errno result = await Prepare(c, bp, true);
        if (result == Errno.None)
        {
            await _placement.Enable(c, bp);
        }

        return result;
    }

    /// <summary>register_wide_hw_breakpoint(): one on every CPU that is online, or none.</summary>
    /// <param name="c">A task's context.</param>
    /// <param name="perCpu">As <see cref="MakeWide"/> makes them; those of CPUs not online stay unregistered.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> RegisterWide(KernelContext c, IReadOnlyList<PerfBreakpoint> perCpu)
    {
        ulong online = await _kernel.Online.Read(c);
        for (int i = 0; i < perCpu.Count; i++)
        {
            Errno result = (online >> i & 1) != 0 ? await RegisterCpu(c, perCpu[i]) : Errno.None;
            if (result == Errno.None)
            {
                continue;
            }

            for (int done = 0; done < i; done++)
            {
                if ((online >> done & 1) != 0)
                {
                    await Unregister(c, perCpu[done]);
                }
            }

            return result;
        }

        return Errno.None;
    }

    /// <summary>register_user_hw_breakpoint(): installed while the task runs, on <see cref="PerfBreakpoint.Cpu"/> or anywhere.</summary>
    /// <param name="c">A task's context.</param>
    /// <param name="bp">With a task.</param>
    /// <param name="isPrivileged">Who asks has CAP_SYS_ADMIN, so may watch the kernel.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> RegisterTask(KernelContext c, PerfBreakpoint bp, bool isPrivileged)
    {
        Errno result = await Prepare(c, bp, isPrivileged);
        if (result == Errno.None)
        {
            await _placement.Attach(c, bp);
        }

        return result;
    }

    /// <summary>
    /// unregister_hw_breakpoint(): when it returns, no callback of it runs or will; its slot is free and so is its memory.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Unregister(KernelContext c, PerfBreakpoint bp)
    {
        if (bp.Task is null)
        {
            await _placement.Disable(c, bp);
        }
        else
        {
            await _placement.Detach(c, bp);
        }

        if (bp.OwnsSlot)
        {
            bp.OwnsSlot = false;
            await Slots.Release(c, bp);
        }

        await bp.Free(c);
    }

    /// <summary>
    /// Gives the slot back but keeps the event, as kgdb does with the events it made ahead (destroy = NULL; release_bp_slot).
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask DropSlot(KernelContext c, PerfBreakpoint bp)
    {
        bp.OwnsSlot = false;
        await Slots.Release(c, bp);
    }

    /// <summary>modify_user_hw_breakpoint(): off, judged, changed, on again; in the same slot.</summary>
    /// <returns>What the parser says; the breakpoint is as before then. Never -ENOSPC, unless it is not done in place.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> ModifyUser(KernelContext c, PerfBreakpoint bp, BreakpointAttributes attributes, bool isPrivileged)
    {
        BreakpointAttributes old = await bp.Attributes.Read(c);
        await _placement.Disable(c, bp);
        if (!_options.ModifiesInPlace)
        {
            await Slots.Release(c, bp);
            bp.OwnsSlot = false;
            await bp.Attributes.Write(c, attributes);
            Errno again = await Prepare(c, bp, isPrivileged);
            if (again == Errno.None)
            {
                await _placement.Enable(c, bp);
            }

            return again;
        }

        Errno result = _options.Parser.Parse(attributes, isPrivileged, out ArchBreakpoint arch);
        if (result == Errno.None && attributes.Type != old.Type)
        {
            result = await Slots.Modify(c, bp, old.Type, attributes.Type);
        }

        if (result == Errno.None)
        {
            await bp.Attributes.Write(c, attributes);
            await bp.Arch.Write(c, arch);
        }

        await _placement.Enable(c, bp);
        return result;
    }

    /// <summary>register_perf_hw_breakpoint(): the slot first, then the request's validity.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Prepare(KernelContext c, PerfBreakpoint bp, bool isPrivileged)
    {
        c.Line("err = reserve_bp_slot(bp);");
        Errno result = await Slots.Reserve(c, bp);
        if (result != Errno.None)
        {
            return result;
        }

        c.Line("err = hw_breakpoint_parse(bp, &bp->attr, &hw);");
        result = _options.Parser.Parse(await bp.Attributes.Read(c), isPrivileged, out ArchBreakpoint arch);
        if (result != Errno.None)
        {
            await Slots.Release(c, bp);
            return result;
        }

        await bp.Arch.Write(c, arch);
        bp.OwnsSlot = true;
        return Errno.None;
    }
}
