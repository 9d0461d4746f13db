using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>2.6.30: the interface of June 2009. The kernel's breakpoints are everywhere, from DR3 down; threads have the rest, from DR0 up.</summary>
internal sealed class InterfaceLayer : IRegisterLayer
{
    private readonly KernelModel _kernel;
    private readonly HostedForm _form;
    private readonly InterfaceBreakpoints _breakInfo;
    private readonly InterfaceTracedRegisters _traced;

    public InterfaceLayer(KernelModel kernel, HostedForm form, KgdbOptions options)
    {
        _kernel = kernel;
        _form = form;
        InfoValidator validator = new() { HasLowKernel = true, Forbidden = form.Forbidden };
        Interface = new HwBreakpointInterface(kernel, form.Interface, validator);
        _breakInfo = new InterfaceBreakpoints(kernel, Interface, validator, options);
        _traced = new InterfaceTracedRegisters(kernel, Interface, validator);
    }

    public HwBreakpointInterface Interface { get; }

    public NotifierBlock<DieArgs> Notifier => Interface.Notifier;

    public BreakInfo BreakInfo => _breakInfo;

    public ITracedRegisters Traced => _traced;

    private BreakpointTables Tables => Interface.Tables;

    /// <summary>By the table that is loaded on the CPU, or by the thread.</summary>
    public RegisterHolder? Holder(HostedCpu cpu, int register)
    {
        HardwareBreakpoint? bp = Tables.Loaded(cpu.Cpu.Number)[register].Value ?? Thread(cpu.Cpu.Number).Breakpoints[register].Value;
        return bp is null ? null : new RegisterHolder(bp, Arch(bp), _breakInfo.IsMine(bp));
    }

    public IEnumerable<SlotHolder> Holders(int cpu)
    {
        for (int n = Dr7Encoding.RegisterCount - 1; n >= 0; n--)
        {
            if (Tables.Kernel[n].Value is { } bp)
            {
                bool isLoaded = ReferenceEquals(Tables.Loaded(cpu)[n].Value, bp);
                yield return new SlotHolder(bp.Name, Arch(bp).Attributes, isLoaded ? n : null, bp.HitCounts?[cpu] ?? 0);
            }
            else if (Thread(cpu).Breakpoints[n].Value is { } own)
            {
                yield return new SlotHolder($"guest/{cpu}.ptrace{n}", Arch(own).Attributes, n, _traced.HitCount(cpu, n));
            }
        }
    }

    /// <summary>The kernel takes registers from DR3 down, and the next one is a thread's.</summary>
    public string? WhyNoRoom()
    {
        int next = Tables.Position.Value - 1;
        if (next < 0 || Tables.UserCount[next].Value == 0)
        {
            return null;
        }

        IEnumerable<int> cpus = Enumerable.Range(0, _kernel.Cpus.Count).Where(cpu => Thread(cpu).Breakpoints[next].Value is not null);
        return $"the next register for the kernel is DR{next}, which {string.Join(", ", cpus.Select(cpu => $"guest/{cpu}.ptrace{next}"))} has";
    }

    /// <summary>this_hbp_kernel[] and kdr7, and what the CPU's thread adds to them.</summary>
    public ulong Copy(int cpu, Span<ulong> addresses)
    {
        ThreadBreakpoints thread = Thread(cpu);
        for (int n = 0; n < addresses.Length; n++)
        {
            addresses[n] = Tables.Loaded(cpu)[n].Value is { } bp ? bp.Info.Value.Address : thread.Addresses[n].Value;
        }

        return Tables.Kdr7(cpu).Value | thread.DebugReg7.Value;
    }

    /// <summary>arch_update_kernel_hw_breakpoint() with the table as it is, then the thread's registers.</summary>
    public ulong AtResume(int cpu, bool isReturning, Span<ulong> addresses)
    {
        ThreadBreakpoints thread = Thread(cpu);
        ulong dr7 = thread.DebugReg7.Value;
        for (int n = 0; n < addresses.Length; n++)
        {
            if (Tables.Kernel[n].Value is { } bp)
            {
                BreakpointInfo info = bp.Info.Value;
                addresses[n] = info.Address;
                dr7 |= Dr7Encoding.Encode(n, info.LengthCode, info.TypeCode);
            }
            else if (n < Tables.Position.Value && thread.HasBreakpoints.Value)
            {
                addresses[n] = thread.Addresses[n].Value;
            }
            else
            {
                addresses[n] = _kernel.Cpus[cpu].DebugRegisters.Value(n);
            }
        }

        return dr7 | DebugRegisterFile.Dr7Reset;
    }

    public TrapOptions Adapt(TrapOptions options) => options with { SignalsSwallowedHits = _form.SignalsSwallowedHits };

    private static ArchBreakpoint Arch(HardwareBreakpoint bp)
    {
        BreakpointInfo info = bp.Info.Value;
        return new ArchBreakpoint(info.Address, info.LengthCode, info.TypeCode);
    }

    private ThreadBreakpoints Thread(int cpu) => _traced.Thread(cpu);
}
