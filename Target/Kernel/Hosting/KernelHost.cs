using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// A modelled kernel on a simulated machine: it owns #DB, #BP and NMI of every processor; its code runs in inline mode between the
/// guest's instructions, on the processor that it concerns.
/// </summary>
internal sealed class KernelHost : ITrapOwner, IKernelActivity
{
    private readonly HostedCpu[] _cpus;
    private readonly Func<HostedCpu, PendingEvent, bool> _fastPath;
    private readonly Func<HostedCpu, byte, bool> _wants;

    /// <param name="machine">The machine; its processors are the kernel's.</param>
    /// <param name="options">The kernel; the number of CPUs is the machine's.</param>
    /// <param name="build">Makes the kernel's systems and says what they do with traps.</param>
    /// <param name="fastPath">Deals with a trap on the spot if that can be done; true if so.</param>
    /// <param name="wants">Whether anybody in the kernel could take a #BP, #DB or NMI, by its vector; null: all are the kernel's first.</param>
    public KernelHost(SmpMachine machine, KernelOptions options, Func<KernelModel, IHostedTraps> build,
        Func<HostedCpu, PendingEvent, bool> fastPath, Func<HostedCpu, byte, bool>? wants = null)
    {
        Machine = machine;
        _fastPath = fastPath;
        _wants = wants ?? (static (_, _) => true);
        World = new World(new WorldOptions { Mode = ExecutionMode.Inline });
        Kernel = new KernelModel(World, options with { CpuCount = machine.CpuCount });
        IHostedTraps traps = build(Kernel);
        _cpus = new HostedCpu[machine.CpuCount];
        for (int i = 0; i < _cpus.Length; i++)
        {
            _cpus[i] = new HostedCpu(Kernel.Cpus[i], machine[i], traps);
            machine[i].TrapOwner = this;
        }

        World.Start();
        UpdateOnline();
    }

    public SmpMachine Machine { get; }

    public World World { get; }

    public KernelModel Kernel { get; }

    public IReadOnlyList<HostedCpu> Cpus => _cpus;

    /// <inheritdoc/>
    public bool WaitsForOutside { get; set; }

    /// <inheritdoc/>
    public bool IsActive { get; set; }

    /// <inheritdoc/>
    public unsafe bool Owns(Vcpu cpu, in PendingEvent trap)
    {
        bool isKind = trap.Source == EventSource.Nmi
            || (trap.Vector is Vector.Debug or Vector.Breakpoint && cpu.Core.State->ProtectedMode);
        return isKind && _wants(_cpus[cpu.Core.Id], trap.Vector);
    }

    /// <inheritdoc/>
    public bool Take(Vcpu cpu, in PendingEvent trap)
    {
        HostedCpu hosted = _cpus[cpu.Core.Id];
        if (trap.Source == EventSource.Nmi)
        {
            IsActive = true;
            hosted.Nmi.Pending.Commit(1);
            return false;
        }

        if (_fastPath(hosted, trap))
        {
            // It may be dealt with and yet something for the kernel to do.
            return !hosted.IsHandling;
        }

        Enter(hosted, trap);
        return false;
    }

    /// <summary>The kernel side of a processor's guest code begins, for a trap or what is made to look like one.</summary>
    public void Enter(HostedCpu cpu, in PendingEvent trap)
    {
        IsActive = true;
        cpu.Enter(trap);
    }

    /// <inheritdoc/>
    public void Started(Vcpu cpu)
    {
        _cpus[cpu.Core.Id].Guest?.Reset();
        Start(_cpus[cpu.Core.Id]);
    }

    /// <summary>The kernel's start routine runs on a processor that has come online, by its guest's doing or by an administrator's.</summary>
    public void Start(HostedCpu cpu)
    {
        UpdateOnline();
        IsActive = true;
        cpu.Start();
    }

    /// <inheritdoc/>
    public bool IsInKernel(int cpu) => _cpus[cpu].IsInKernel;

    /// <inheritdoc/>
    public bool CanRun(int cpu) => _cpus[cpu].CanRun;

    /// <inheritdoc/>
    public long Run(int cpu) => _cpus[cpu].Run();

    /// <summary>
    /// A processor that waits for its start-up message is not online yet, one that was started is, unless it was unplugged.
    /// </summary>
    public void UpdateOnline() => OnlineMask();

    /// <summary>The same, and which are online: bit n for CPU n.</summary>
    public unsafe ulong OnlineMask()
    {
        ulong online = 0;
        for (int i = 0; i < _cpus.Length; i++)
        {
            ActivityState activity = Machine[i].Core.State->Activity;
            bool isUp = activity is not (ActivityState.WaitForSipi or ActivityState.Shutdown) && !_cpus[i].IsUnplugged;
            online |= isUp ? 1UL << i : 0;
        }

        if (online != Kernel.Online.Value)
        {
            Kernel.Online.Commit(online);
        }

        return online;
    }
}
