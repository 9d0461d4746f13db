using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>The perf events the debugger made ahead, four for each CPU (breakinfo[i].pev; kgdb_arch_late@6.1).</summary>
internal sealed class KgdbEvents
{
    /// <summary>Where the idle events point; any kernel address does (kgdb_arch_init).</summary>
    private const ulong IdleAddress = 0xFFFF_FFFF_8100_0000;

    private readonly KernelModel _kernel;
    private readonly PerfBreakpoints _perf;
    private readonly KgdbOptions _options;
    private readonly PerfBreakpoint?[][] _events = new PerfBreakpoint?[Dr7Encoding.RegisterCount][];

    public KgdbEvents(KernelModel kernel, PerfBreakpoints perf, KgdbOptions options)
    {
        _kernel = kernel;
        _perf = perf;
        _options = options;
        for (int i = 0; i < _events.Length; i++)
        {
            _events[i] = new PerfBreakpoint?[kernel.Cpus.Count];
        }
    }

    /// <summary>What a hit of one of them does: (context, entry, event, what notifiers were told).</summary>
    public Func<KernelContext, int, DieArgs, ValueTask>? Overflow { get; set; }

    /// <summary>The event of entry <paramref name="i"/> on a CPU; null if that CPU came up after they were made.</summary>
    public PerfBreakpoint? Of(int i, int cpu) => _events[i][cpu];

    /// <summary>Set-up: makes those of all CPUs online, as <see cref="Register"/> leaves them; none while the kernel boots.</summary>
    public void MakeAll()
    {
        for (int cpu = 0; cpu < _kernel.Cpus.Count && !_options.StartsEarly; cpu++)
        {
            if (((_kernel.Online.Value >> cpu) & 1) != 0)
            {
                AddFor(cpu);
            }
        }
    }

    /// <summary>Makes those of a CPU, with no slot: for set-up and, where that is mended, for a CPU that comes up.</summary>
    public void AddFor(int cpu)
    {
        for (int i = 0; i < _events.Length; i++)
        {
            _events[i][cpu] ??= Adopt(i, new PerfBreakpoint(_kernel, $"kgdb[{i}].C{cpu}", Idle, cpu, null));
        }
    }

    /// <summary>
    /// kgdb_arch_late(): registers them as any perf user would, then gives their slots back (unless the caller keeps them), so
    /// that an idle debugger has events but no slots.
    /// </summary>
    /// <returns>The error of the first that was refused; none is left registered then.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Register(KernelContext c, bool keepsSlots)
    {
        for (int i = 0; i < _events.Length; i++)
        {
            c.Line("breakinfo[i].pev = register_wide_hw_breakpoint(&attr, NULL, NULL);");
            PerfBreakpoint[] wide = _perf.MakeWide($"kgdb[{i}]", Idle);
            Errno error = await _perf.RegisterWide(c, wide);
            if (error != Errno.None)
            {
                await Unregister(c, i);
                return error;
            }

            ulong online = await _kernel.Online.Read(c);
            for (int cpu = 0; cpu < wide.Length; cpu++)
            {
                _events[i][cpu] = ((online >> cpu) & 1) != 0 ? Adopt(i, wide[cpu]) : null;
                if (_events[i][cpu] is { } bp && !keepsSlots)
                {
                    c.Line("pevent[0]->destroy = NULL; release_bp_slot(*pevent);");
                    await _perf.DropSlot(c, bp);
                }
            }
        }

        return Errno.None;
    }

    private static BreakpointAttributes Idle => new(IdleAddress, 1, BreakpointType.Write) { IsDisabled = true, IsPinned = true };

    private PerfBreakpoint Adopt(int i, PerfBreakpoint bp)
    {
        bp.OverflowHandler = Overflow is null ? null : (c, _, args) => Overflow(c, i, args);
        return bp;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Unregister(KernelContext c, int count)
    {
        for (int i = 0; i < count; i++)
        {
            for (int cpu = 0; cpu < _events[i].Length; cpu++)
            {
                if (_events[i][cpu] is { } bp)
                {
                    _events[i][cpu] = null;
                    await _perf.Unregister(c, bp);
                }
            }
        }
    }
}
