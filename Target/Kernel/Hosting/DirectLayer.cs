using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Direct;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// 2.6.21 and before: nobody hands out registers. kgdb writes those of its table, a traced task's are loaded over them, and who came last
/// has them.
/// </summary>
internal sealed class DirectLayer : IRegisterLayer
{
    private readonly KernelModel _kernel;
    private readonly ThreadDebugRegisters _threads;
    private readonly DirectTracedRegisters _traced;
    private readonly KgdbOptions _options;

    public DirectLayer(KernelModel kernel, HostedForm form, KgdbOptions options)
    {
        _kernel = kernel;
        _options = options;
        _threads = new ThreadDebugRegisters(kernel);
        BreakInfo = new DirectBreakpoints(kernel, _threads, new BreakpointParser { Forbidden = form.Forbidden }, options);
        _traced = new DirectTracedRegisters(kernel, _threads);
    }

    public NotifierBlock<DieArgs>? Notifier => null;

    public BreakInfo BreakInfo { get; }

    public ITracedRegisters Traced => _traced;

    /// <summary>By what the processor has in it: kgdb's, the task's, or what the kernel has left armed of what was either's.</summary>
    public unsafe RegisterHolder? Holder(HostedCpu cpu, int register)
    {
        ulong address = cpu.Vcpu.Core.State->Dr[register];
        ulong dr7 = cpu.Vcpu.Core.State->Dr7;
        if (BreakInfo.Entry(register) is { IsEnabled: true } entry && entry.Arch.Address == address)
        {
            return new RegisterHolder(BreakInfo, entry.Arch, true);
        }

        if (Task(cpu.Cpu.Number) is { } task && ThreadDebugRegisters.Has(task, register) && Arch(task, register) is var own && own.Address == address)
        {
            return new RegisterHolder(task, own, false);
        }

        Dr7Slot slot = Dr7Encoding.Decode(dr7, register);
        return _threads.Written.IsIn(cpu.Cpu.Number, register, address, dr7)
            ? new RegisterHolder(_threads.Written, new ArchBreakpoint(address, slot.LengthCode, slot.TypeCode), false) : null;
    }

    /// <summary>
    /// kgdb's four, then the task's: two may believe to have one register. It is whose who is in it, or, while nothing is armed, who will be
    /// when the CPU has left the debugger.
    /// </summary>
    public IEnumerable<SlotHolder> Holders(int cpu)
    {
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            if (BreakInfo.Entry(n) is { IsEnabled: true } entry)
            {
                yield return new SlotHolder($"kgdb[{n}]", entry.Attributes, IsIn(cpu, n, entry.Arch) ? n : null, 0);
            }
        }

        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            if (Task(cpu) is { } task && ThreadDebugRegisters.Has(task, n))
            {
                ArchBreakpoint arch = Arch(task, n);
                yield return new SlotHolder($"guest/{cpu}.ptrace{n}", arch.Attributes, IsIn(cpu, n, arch) ? n : null, _traced.HitCount(cpu, n));
            }
        }
    }

    /// <summary>thread.debugreg[]: all that this kernel has a copy of.</summary>
    public ulong Copy(int cpu, Span<ulong> addresses)
    {
        for (int n = 0; n < addresses.Length; n++)
        {
            addresses[n] = Task(cpu) is { } task ? _threads.Addresses(task)[n].Value : 0;
        }

        return Task(cpu)?.Debug.VirtualDr7.Value ?? 0;
    }

    /// <summary>kgdb_correct_hw_break().</summary>
    public ulong AtResume(int cpu, bool isReturning, Span<ulong> addresses)
    {
        ulong dr7 = 0;
        for (int n = 0; n < addresses.Length; n++)
        {
            addresses[n] = _kernel.Cpus[cpu].DebugRegisters.Value(n);
            ArchBreakpoint? arch = BreakInfo.Entry(n) is { IsEnabled: true } entry ? entry.Arch
                : !_options.Has(KgdbDefects.ForgetsTracers) && Task(cpu) is { } task && ThreadDebugRegisters.Has(task, n) ? Arch(task, n) : null;
            if (arch is { } wanted)
            {
                addresses[n] = wanted.Address;
                dr7 |= Dr7Encoding.Field(n, wanted.LengthCode, wanted.TypeCode);
            }
        }

        return dr7 | DebugRegisterFile.Dr7Reset;
    }

    private KernelTask? Task(int cpu) => _kernel.Cpus[cpu].Current;

    private ArchBreakpoint Arch(KernelTask task, int n)
    {
        Dr7Slot slot = Dr7Encoding.Decode(task.Debug.VirtualDr7.Value, n);
        return new ArchBreakpoint(_threads.Addresses(task)[n].Value, slot.LengthCode, slot.TypeCode);
    }

    private bool IsIn(int cpu, int n, ArchBreakpoint arch)
    {
        Span<ulong> addresses = stackalloc ulong[Dr7Encoding.RegisterCount];
        DebugRegisterFile registers = _kernel.Cpus[cpu].DebugRegisters;
        ulong dr7 = AtResume(cpu, false, addresses);
        if (Dr7Encoding.Armed(registers.Value(7)) != 0)
        {
            dr7 = registers.Value(7);
            addresses[n] = registers.Value(n);
        }

        return addresses[n] == arch.Address && Dr7Encoding.Decode(dr7, n) == new Dr7Slot(arch.LengthCode, arch.TypeCode, true);
    }
}
