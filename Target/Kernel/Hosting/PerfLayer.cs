using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Kernels since 2.6.33: perf counts slots, and installs events in registers.</summary>
internal sealed class PerfLayer : IRegisterLayer
{
    private readonly KernelModel _kernel;
    private readonly HardwareBreakpoints _breakInfo;
    private readonly KgdbOptions _options;

    public PerfLayer(KernelModel kernel, HostedForm form, KgdbOptions options)
    {
        _kernel = kernel;
        _options = options;
        Perf = new PerfBreakpoints(kernel, form.Perf with { Parser = new BreakpointParser { Forbidden = form.Forbidden } });
        _breakInfo = new HardwareBreakpoints(kernel, Perf, options);
        Notifier = Perf.Notifier();
        Traced = new PerfTracedRegisters(Perf);
    }

    public PerfBreakpoints Perf { get; }

    public NotifierBlock<DieArgs> Notifier { get; }

    public BreakInfo BreakInfo => _breakInfo;

    public ITracedRegisters Traced { get; }

    public RegisterHolder? Holder(HostedCpu cpu, int register)
    {
        int number = cpu.Cpu.Number;
        return Perf.Cpu(number).Slots[register].Value is { } bp ? new RegisterHolder(bp, bp.Arch.Value, EntryOf(number, bp) >= 0) : null;
    }

    public bool HasHolder(HostedCpu cpu, int register) => Perf.Cpu(cpu.Cpu.Number).Slots[register].Value is not null;

    public IEnumerable<SlotHolder> Holders(int cpu) => Perf.Slots.Holders(cpu).Select(bp => Holder(cpu, bp));

    public ulong Copy(int cpu, Span<ulong> addresses)
    {
        CpuBreakpoints copy = Perf.Cpu(cpu);
        for (int n = 0; n < addresses.Length; n++)
        {
            addresses[n] = copy.Addresses[n].Value;
        }

        return copy.Dr7.Value;
    }

    /// <summary>hw_breakpoint_restore(), after each breakpoint of kgdb that isn't installed has taken the first free register.</summary>
    public ulong AtResume(int cpu, bool isReturning, Span<ulong> addresses)
    {
        bool[] isTaken = new bool[Dr7Encoding.RegisterCount];
        ulong dr7 = Copy(cpu, addresses);
        for (int n = 0; n < isTaken.Length; n++)
        {
            PerfBreakpoint? bp = Perf.Cpu(cpu).Slots[n].Value;
            isTaken[n] = bp is not null && !(isReturning && EntryOf(cpu, bp) >= 0);
            if (bp is not null && !isTaken[n])
            {
                // From before the CPU went away: its start routine takes it out first.
                ArchBreakpoint old = bp.Arch.Value;
                dr7 &= ~Dr7Encoding.Field(n, old.LengthCode, old.TypeCode);
            }
        }

        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = _breakInfo.Entry(i);
            int free = Array.IndexOf(isTaken, false);
            bool isOut = _breakInfo.Events.Of(i, cpu) is { } bp && (bp.IsDisabled || isReturning);
            if (entry.IsEnabled && free >= 0 && isOut)
            {
                isTaken[free] = true;
                addresses[free] = entry.Arch.Address;
                dr7 |= Dr7Encoding.Encode(free, entry.Arch.LengthCode, entry.Arch.TypeCode);
            }
        }

        return dr7 | DebugRegisterFile.Dr7Reset;
    }

    public ValueTask<Errno> GoAway(KernelContext c) => GiveBack(c);

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Return(KernelContext c)
    {
        Errno error = await ForEachEntry(c, (context, bp) => Perf.Slots.DbgReserve(context, bp));
        if (error != Errno.None)
        {
            await GiveBack(c);
        }

        return error;
    }

    /// <summary>What kgdb had removed meanwhile is taken out, what it wants by now and what perf wants is armed.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask StartAgain(KernelContext c)
    {
        await _breakInfo.DisableHere(c);
        await _breakInfo.CorrectHere(c);
    }

    public TrapOptions Adapt(TrapOptions options) => options with
    {
        Breakpoints = Perf, Dr7OnExit = _options.Has(KgdbDefects.StaleDr7OnExit) ? Dr7OnExit.Saved : Dr7OnExit.Current,
    };

    private ValueTask<Errno> GiveBack(KernelContext c) => ForEachEntry(c, (context, bp) =>
        Perf.Slots.Holders(context.Home.Number).Contains(bp) ? Perf.Slots.DbgRelease(context, bp) : ValueTask.FromResult(Errno.None));

    /// <summary>Does something to kgdb's events of the CPU that are wanted, up to the first error.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> ForEachEntry(KernelContext c, Func<KernelContext, PerfBreakpoint, ValueTask<Errno>> action)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount && _options.Form.ReservesSlots; i++)
        {
            if (!_breakInfo.Entry(i).IsEnabled || _breakInfo.Events.Of(i, c.Home.Number) is not { } bp)
            {
                continue;
            }

            Errno error = await action(c, bp);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }

    private SlotHolder Holder(int cpu, PerfBreakpoint bp)
    {
        // Events that exist once on each CPU are called after it, which goes without saying here.
        string suffix = $".C{cpu}";
        string name = bp.Name.EndsWith(suffix, StringComparison.Ordinal) ? bp.Name[..^suffix.Length] : bp.Name;

        // An event of kgdb's learns what it is for when it is installed; until then its table knows.
        int entry = EntryOf(cpu, bp);
        int register = Perf.Cpu(cpu).RegisterOf(bp);
        BreakpointAttributes wanted = entry >= 0 && _breakInfo.Entry(entry) is { IsEnabled: true } known ? known.Attributes : bp.Attributes.Value;
        return new SlotHolder(name, wanted, register < 0 ? null : register, bp.Count.Value);
    }

    private int EntryOf(int cpu, PerfBreakpoint bp)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            if (ReferenceEquals(_breakInfo.Events.Of(i, cpu), bp))
            {
                return i;
            }
        }

        return -1;
    }
}
