using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Breakpoints as "perf stat -e mem:..." and "perf record -e mem:..." have them: hits are counted, and written down if that is wanted;
/// nobody is stopped. They are in the kernel's copies of the
/// registers at once, and in the registers of a CPU that is in the debugger when it leaves.
/// </summary>
internal sealed class PerfUsers(KgdbHost host, StandingKernel standing)
{
    private const int MaskWidth = 64;

    private readonly List<BreakpointUser> _users = [];

    /// <summary>Those that are there, oldest first.</summary>
    public IReadOnlyList<BreakpointUser> All => _users;

    /// <summary>A name nobody has yet.</summary>
    public string FreeName() => UserName.Free("perf", name => Find(name) is not null);

    /// <summary>perf_event_open() with PERF_TYPE_BREAKPOINT on one CPU, or on every CPU that is online; there or on none.</summary>
    /// <param name="name">Its owner; letters, digits, '_', '-' and '.'.</param>
    /// <param name="cpu">Which CPU; null: all.</param>
    /// <param name="attributes">What is asked for.</param>
    /// <param name="samples">Whether each hit is written down.</param>
    public KernelAnswer Add(string name, int? cpu, BreakpointAttributes attributes, bool samples = false)
    {
        if (host.Layer.Perf is null)
        {
            return new KernelAnswer(Errno.NotSupported,
                $"Linux {host.Version.Name} has no perf breakpoints; {RegisterLayers.NamesWithPerf} have");
        }

        if (UserName.Complaint(name) is { } complaint)
        {
            return new KernelAnswer(Errno.Invalid, complaint);
        }

        if (Find(name) is not null)
        {
            return new KernelAnswer(Errno.Exists, $"there is a perf breakpoint '{name}' already");
        }

        ulong online = host.Host.OnlineMask();
        if (cpu is { } one && (one >= MaskWidth || (online >> one & 1) == 0))
        {
            return new KernelAnswer(Errno.NoDevice, $"CPU {one} is not online");
        }

        List<PerfBreakpoint> made = [];
        PerfSamples? buffer = samples ? new PerfSamples() : null;
        for (int i = 0; i < host.Host.Cpus.Count; i++)
        {
            if ((online >> i & 1) != 0 && (cpu is not { } wanted || wanted == i))
            {
                BreakpointAttributes off = attributes with { IsPinned = true, OnlyCounts = !samples, IsDisabled = true };
                made.Add(new PerfBreakpoint(host.Host.Kernel, $"{name}.C{i}", off, i, null) { Sampler = buffer });
            }
        }

        // All slots before any register: what is refused has touched none.
        if (Failed(made, Register) is { } refused)
        {
            return new KernelAnswer(refused.Error, Refusals.Explain(host, refused.Error, refused.Cpu, attributes));
        }

        if (Failed(made, Enable) is { } unplaced)
        {
            return new KernelAnswer(unplaced.Error, Refusals.Explain(host, unplaced.Error, unplaced.Cpu, attributes));
        }

        _users.Add(new BreakpointUser(name, attributes, made, buffer));
        return KernelAnswer.Done;
    }

    /// <summary>Its owner closes it.</summary>
    public KernelAnswer Remove(string name)
    {
        if (Find(name) is not { } user)
        {
            return new KernelAnswer(Errno.NoEntry, $"there is no perf breakpoint '{name}'");
        }

        foreach (PerfBreakpoint bp in user.PerCpu)
        {
            Unregister(bp);
        }

        _users.Remove(user);
        return KernelAnswer.Done;
    }

    /// <summary>The user of a name, or null.</summary>
    public BreakpointUser? Find(string name) => _users.Find(user => user.Name == name);

    /// <summary>Does something to each; at the first error, those registered before it are unregistered.</summary>
    private (Errno Error, int Cpu)? Failed(List<PerfBreakpoint> all, Func<KernelContext, PerfBreakpoint, ValueTask<Errno>> action)
    {
        for (int i = 0; i < all.Count; i++)
        {
            PerfBreakpoint bp = all[i];
            Errno error = standing.Run(bp.Cpu!.Value, c => action(c, bp));
            if (error != Errno.None)
            {
                all.FindAll(static other => other.OwnsSlot).ForEach(Unregister);
                return (error, bp.Cpu.Value);
            }
        }

        return null;
    }

    private ValueTask<Errno> Register(KernelContext c, PerfBreakpoint bp) => host.Perf.RegisterCpu(c, bp);

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Enable(KernelContext c, PerfBreakpoint bp)
    {
        Errno error = await host.Perf.ModifyUser(c, bp, bp.Attributes.Value with { IsDisabled = false }, true);

        // Where the accounting promised a register that isn't there, whoever doesn't reserve (kgdb of 2010) has it.
        return error != Errno.None || bp.State.Value == PerfEventState.Active ? error : Errno.Busy;
    }

    private void Unregister(PerfBreakpoint bp) => standing.Run(bp.Cpu!.Value, async c =>
    {
        await host.Perf.Unregister(c, bp);
        return Errno.None;
    });
}
