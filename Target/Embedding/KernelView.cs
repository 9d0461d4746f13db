using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Embedding;

/// <summary>What outsiders see of a hosted kernel.</summary>
internal static class KernelView
{
    public static KernelResult Of(KernelAnswer answer) =>
        answer.Error == Errno.None ? new KernelResult("", "") : new KernelResult(NameOf(answer.Error), answer.Reason);

    public static KernelDebugRegisters Registers(KgdbHost host, int cpu)
    {
        HostedCpu hosted = host.Host.Cpus[cpu];
        CpuBreakpoints copy = host.Perf.Cpu(cpu);
        Span<ulong> addresses = stackalloc ulong[Dr7Encoding.RegisterCount];
        ulong dr7 = ResumeForecast.Hardware(hosted, addresses);
        DebugRegisterSet hardware = Set(addresses, dr7);
        dr7 = ResumeForecast.Of(host, cpu, addresses);
        DebugRegisterSet atResume = Set(addresses, dr7);
        for (int n = 0; n < addresses.Length; n++)
        {
            addresses[n] = copy.Addresses[n].Value;
        }

        DebugRegisterSet wanted = Set(addresses, copy.Dr7.Value);
        for (int n = 0; n < addresses.Length; n++)
        {
            addresses[n] = hosted.Guest!.Read(n);
        }

        return new KernelDebugRegisters(hardware, wanted, atResume, hosted.Registers.Dr6) { Guest = Set(addresses, hosted.Guest!.Read(7)) };
    }

    public static KernelSlot Slot(KgdbHost host, int cpu, PerfBreakpoint bp)
    {
        int register = host.Perf.Cpu(cpu).RegisterOf(bp);
        (ulong address, ulong length, BreakpointType type) = Wanted(host, cpu, bp);
        return new KernelSlot(
            OwnerOf(bp), address, (int)length, (KernelBreakpointKind)type, register < 0 ? null : register, bp.Count.Value);
    }

    public static KernelBreakpoint Breakpoint(BreakpointUser user) => new(
        user.Name, user.Attributes.Address, (int)user.Attributes.Length, (KernelBreakpointKind)user.Attributes.Type,
        [.. user.PerCpu.Select(static bp => bp.Cpu!.Value)], user.HitCount);

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<KernelSample> Samples(PerfSamples? samples)
    {
        KernelSample[] all = new KernelSample[samples?.Remembered ?? 0];
        for (int i = 0; i < all.Length; i++)
        {
            PerfSample sample = samples!.Latest(all.Length - 1 - i);
            all[i] = new KernelSample(sample.Cpu, sample.Ip, sample.Number);
        }

        return all;
    }

    public static KernelTrap Trap(TrapEvent record)
    {
        KernelLook[] lookers = new KernelLook[record.LookerCount];
        for (int i = 0; i < lookers.Length; i++)
        {
            (string name, NotifyResult answer) = record.Looker(i);
            lookers[i] = new KernelLook(name, AnswerOf(answer));
        }

        return new KernelTrap(record.Sequence, record.Cpu, record.Kind.Name, record.Ip, record.Dr6, lookers, record.Consumer,
            record.Verdict.Name);
    }

    /// <summary>As errno.h has it.</summary>
    public static string NameOf(Errno error) => error switch
    {
        Errno.NotPermitted => "EPERM",
        Errno.NoEntry => "ENOENT",
        Errno.InputOutput => "EIO",
        Errno.TooBig => "E2BIG",
        Errno.NoMemory => "ENOMEM",
        Errno.Fault => "EFAULT",
        Errno.Busy => "EBUSY",
        Errno.Exists => "EEXIST",
        Errno.NoDevice => "ENODEV",
        Errno.Invalid => "EINVAL",
        Errno.NoSpace => "ENOSPC",
        Errno.OutOfRange => "ERANGE",
        Errno.NotSupported => "EOPNOTSUPP",
        _ => $"E{-(int)error}",
    };

    /// <summary>A kernel's breakpoint has its CPU in its name, which goes without saying here.</summary>
    private static string OwnerOf(PerfBreakpoint bp)
    {
        string suffix = $".C{bp.Cpu}";
        return bp.Name.EndsWith(suffix, StringComparison.Ordinal) ? bp.Name[..^suffix.Length] : bp.Name;
    }

    /// <summary>An event of kgdb's learns what it is for when it is installed; until then its table knows.</summary>
    private static BreakpointAttributes Wanted(KgdbHost host, int cpu, PerfBreakpoint bp)
    {
        HardwareBreakpoints hardware = host.Kgdb.Hardware!;
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = hardware.Entry(i);
            if (entry.IsEnabled && ReferenceEquals(hardware.Events.Of(i, cpu), bp))
            {
                BreakpointType type = entry.Arch.TypeCode switch
                {
                    ArchBreakpoint.Execute => BreakpointType.Execute,
                    ArchBreakpoint.Write => BreakpointType.Write,
                    _ => BreakpointType.ReadWrite,
                };
                return new BreakpointAttributes(entry.Arch.Address, (ulong)entry.Arch.Length, type);
            }
        }

        return bp.Attributes.Value;
    }

    private static string AnswerOf(NotifyResult answer) => answer switch
    {
        NotifyResult.Done => "NOTIFY_DONE",
        NotifyResult.Ok => "NOTIFY_OK",
        NotifyResult.Stop => "NOTIFY_STOP",
        _ => "NOTIFY_BAD",
    };

    private static DebugRegisterSet Set(ReadOnlySpan<ulong> addresses, ulong dr7) =>
        new(addresses[0], addresses[1], addresses[2], addresses[3], dr7);
}
