using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
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
        Span<ulong> addresses = stackalloc ulong[Dr7Encoding.RegisterCount];
        ulong dr7 = ResumeForecast.Hardware(hosted, addresses);
        DebugRegisterSet hardware = Set(addresses, dr7);
        dr7 = ResumeForecast.Of(host, cpu, addresses);
        DebugRegisterSet atResume = Set(addresses, dr7);
        dr7 = host.Layer.Copy(cpu, addresses);
        DebugRegisterSet wanted = Set(addresses, dr7);
        return new KernelDebugRegisters(hardware, wanted, atResume, hosted.Registers.Dr6)
        {
            Guest = hosted.Guest is { } own ? new DebugRegisterSet(own.Read(0), own.Read(1), own.Read(2), own.Read(3), own.Read(7)) : hardware,
        };
    }

    public static KernelSlot Slot(SlotHolder holder) => new(
        holder.Name, holder.Wanted.Address, (int)holder.Wanted.Length, (KernelBreakpointKind)holder.Wanted.Type, holder.Register, holder.HitCount);

    public static KernelBreakpoint Breakpoint(BreakpointUser user) => new(
        user.Name, user.Attributes.Address, (int)user.Attributes.Length, (KernelBreakpointKind)user.Attributes.Type,
        [.. user.PerCpu.Select(static bp => bp.Cpu!.Value)], user.HitCount);

    public static KernelBreakpoint Breakpoint(KernelUser user, IReadOnlyList<int> cpus) => new(
        user.Name, user.Attributes.Address, (int)user.Attributes.Length, (KernelBreakpointKind)user.Attributes.Type, cpus, user.HitCount);

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
