using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Breakpoints of the kernel itself beside kgdb's, as ksym_tracer has them (register_kernel_hw_breakpoint() of June 2009): on all CPUs;
/// hits are counted, nobody is stopped. CPUs in the debugger load them when they leave.
/// </summary>
internal sealed class KernelBreakpointUsers(KgdbHost host, StandingKernel standing)
{
    private readonly List<KernelUser> _users = [];

    /// <summary>Those that are there, oldest first.</summary>
    public IReadOnlyList<KernelUser> All => _users;

    /// <summary>A name nobody has yet.</summary>
    public string FreeName() => UserName.Free("ksym", name => Find(name) is not null);

    /// <summary>A register of all CPUs, or of none.</summary>
    /// <param name="name">Its owner; letters, digits, '_', '-' and '.'.</param>
    /// <param name="attributes">What is asked for; execution has 1 byte.</param>
    public KernelAnswer Add(string name, BreakpointAttributes attributes)
    {
        if (host.Layer.Interface is not { } breakpoints)
        {
            return new KernelAnswer(Errno.NotSupported, WhyNone());
        }

        if (UserName.Complaint(name) is { } complaint)
        {
            return new KernelAnswer(Errno.Invalid, complaint);
        }

        if (Find(name) is not null)
        {
            return new KernelAnswer(Errno.Exists, $"there is a kernel breakpoint '{name}' already");
        }

        BreakpointInfo info = new(attributes.Address, ArchBreakpoint.CodeOfLength(attributes.Length), ArchBreakpoint.CodeOfType(attributes.Type));
        if (info.LengthCode == 0 || info.TypeCode == 0)
        {
            return new KernelAnswer(Errno.Invalid, Refusals.Explain(host, Errno.Invalid, 0, attributes));
        }

        HardwareBreakpoint bp = new(host.Host.Kernel, name, info)
        {
            Triggered = Count, HitCounts = new long[host.Host.Cpus.Count],
        };
        Errno error = standing.Run(FirstOnline(), c => breakpoints.Standing.Register(c, bp));
        if (error != Errno.None)
        {
            return new KernelAnswer(error, Refusals.Explain(host, error, 0, attributes));
        }

        _users.Add(new KernelUser(name, attributes, bp));
        UpdateOthers(breakpoints);
        return KernelAnswer.Done;
    }

    /// <summary>unregister_kernel_hw_breakpoint().</summary>
    public KernelAnswer Remove(string name)
    {
        if (host.Layer.Interface is not { } breakpoints)
        {
            return new KernelAnswer(Errno.NotSupported, WhyNone());
        }

        if (Find(name) is not { } user)
        {
            return new KernelAnswer(Errno.NoEntry, $"there is no kernel breakpoint '{name}'");
        }

        Errno error = standing.Run(FirstOnline(), c => breakpoints.Standing.Unregister(c, user.Breakpoint));
        if (error != Errno.None)
        {
            return new KernelAnswer(error, "hw_breakpoint_lock is held by somebody who stands");
        }

        _users.Remove(user);
        UpdateOthers(breakpoints);
        return KernelAnswer.Done;
    }

    private KernelUser? Find(string name) => _users.Find(user => user.Name == name);

    private int FirstOnline() => BitOperations.TrailingZeroCount(host.Host.OnlineMask());

    private string WhyNone() =>
        $"Linux {host.Version.Name} has no register_kernel_hw_breakpoint(); {RegisterLayers.WithInterface.Name} has"
        + (host.Layer.Perf is null ? "" : ", and here perf's breakpoints are the kernel's too");

    /// <summary>The IPI, for CPUs that aren't in the debugger.</summary>
    private void UpdateOthers(HwBreakpointInterface breakpoints)
    {
        ulong online = host.Host.OnlineMask();
        for (int cpu = 0; cpu < host.Host.Cpus.Count; cpu++)
        {
            if ((online >> cpu & 1) != 0 && host.Kgdb.Core.Cpus[cpu].EnterCount.Value == 0)
            {
                standing.Run(cpu, async c =>
                {
                    await breakpoints.Standing.UpdateHere(c);
                    return Errno.None;
                });
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Count(KernelContext c, HardwareBreakpoint bp, DieArgs args)
    {
        bp.HitCounts![c.Home.Number]++;
        if ((await bp.Info.Read(c)).TypeCode == ArchBreakpoint.Execute)
        {
            // The handler of 2009 leaves that to whoever asked for the breakpoint.
            args.Registers.Flags |= KernelRegisters.ResumeFlag;
        }
    }
}
