using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// A machine under a modelled kernel with a debugger inside: the trap path, the perf layer and kgdb of that kernel, and what somebody
/// outside needs to drive kgdb's command loop.
/// </summary>
internal sealed class KgdbHost : IHostedTraps
{
    /// <summary>Not a vector: the debugger outside wants the machine to stand.</summary>
    private const byte RequestVector = 0xFF;

    /// <summary>How many traps are remembered for people.</summary>
    private const int EventCapacity = 1024;

    private HostedSession _session = null!;
    private int _requestedCpu = -1;

    /// <param name="machine">The machine.</param>
    /// <param name="version">Which kernel; hardware breakpoints on perf exist since 2.6.33.</param>
    /// <param name="defects">Which of its kgdb's defects it has.</param>
    public KgdbHost(SmpMachine machine, KernelVersion version, KgdbDefects defects)
    {
        Version = version;
        Defects = defects;
        Host = new KernelHost(machine, new KernelOptions { Preemption = PreemptionModel.Full }, kernel => Build(kernel, machine), TakeFast);
    }

    public KernelVersion Version { get; }

    public KgdbDefects Defects { get; }

    public KernelHost Host { get; }

    public TrapPath Traps { get; private set; } = null!;

    public PerfBreakpoints Perf { get; private set; } = null!;

    public KgdbModel Kgdb { get; private set; } = null!;

    /// <summary>Other users of the debug registers than kgdb, and what else an administrator does.</summary>
    public KernelUsers Users => field ??= new KernelUsers(this);

    /// <summary>Records what happens, or null.</summary>
    public KernelTrace? Trace { get; set; }

    /// <summary>All CPUs are in the debugger, and it waits for what it is told.</summary>
    public bool IsStopped => Host.WaitsForOutside;

    /// <summary>Why, while <see cref="IsStopped"/>.</summary>
    public KgdbStop Stop { get; private set; }

    /// <summary>
    /// Brings all CPUs into the debugger without letting the guest execute anything.
    /// </summary>
    /// <param name="cpu">Which CPU should come first; another if that cannot.</param>
    /// <returns>False: no CPU can.</returns>
    public bool Enter(int cpu)
    {
        Host.UpdateOnline();
        if (!IsStopped && First(cpu) is { } first)
        {
            _requestedCpu = first.Cpu.Number;
            first.Enter(new PendingEvent { Source = EventSource.Exception, Vector = RequestVector });
        }

        while (!IsStopped && RunKernelOnly())
        {
        }

        return IsStopped;
    }

    /// <summary>dbg_set_sw_break().</summary>
    public Errno InsertSoftware(ulong address) => Do(c => Kgdb.Software.Set(c, address));

    /// <summary>dbg_remove_sw_break().</summary>
    public Errno RemoveSoftware(ulong address) => Do(c => Kgdb.Software.Remove(c, address));

    /// <summary>kgdb_set_hw_break(): a slot on every CPU, or none.</summary>
    public Errno InsertHardware(ulong address, int length, KgdbBreakpointType type) =>
        Do(c => Kgdb.Hardware!.Set(c, address, length, type));

    /// <summary>kgdb_remove_hw_break().</summary>
    public Errno RemoveHardware(ulong address, int length, KgdbBreakpointType type) =>
        Do(c => Kgdb.Hardware!.Remove(c, address, length, type));

    /// <summary>dbg_remove_all_break().</summary>
    public void RemoveAll() => Do(async c =>
    {
        await Kgdb.Core.RemoveAllBreakpoints(c);
        return Errno.None;
    });

    /// <summary>Does something in the master's context while the machine stands; it is done when this returns.</summary>
    public Errno Do(Func<KernelContext, ValueTask<Errno>> command)
    {
        if (!IsStopped)
        {
            throw new InvalidOperationException("The machine is not in the debugger.");
        }

        _session.Order(command);
        Host.Cpus[_session.State!.Cpu].Run();
        return _session.Result;
    }

    /// <summary>Lets all CPUs leave the debugger when the machine is next run.</summary>
    /// <param name="stepping">The CPU whose guest code makes one step, or -1.</param>
    public void Resume(int stepping)
    {
        Do(async c =>
        {
            foreach (HostedCpu cpu in Host.Cpus)
            {
                ulong flags = cpu.Registers.Flags & ~KernelRegisters.TrapFlag;
                cpu.Registers.Flags = cpu.Cpu.Number == stepping ? flags | KernelRegisters.TrapFlag : flags;
            }

            await Kgdb.Core.SteppingCpu.Write(c, stepping);
            return Errno.None;
        });
        _session.Leave(new KgdbSessionResult(KgdbAction.Left));
    }

    /// <summary>Who has debug registers, in words; empty if nobody.</summary>
    public string DescribeSlotOwners() => SlotOwners.Describe(this);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    async ValueTask IHostedTraps.Handle(KernelContext c, HostedCpu cpu, PendingEvent trap)
    {
        if (trap.Vector == RequestVector)
        {
            cpu.Vm.Interrupt(c);
            await Kgdb.Core.HandleException(c, 0, KernelSignal.Trap, 0, cpu.Registers, 0);
            return;
        }

        ulong dr6 = cpu.TrapDr6;
        cpu.Vm.Interrupt(c);
        TrapVerdict verdict = trap.Vector == Vector.Breakpoint
            ? await Traps.Int3(c, cpu.Registers)
            : await Traps.Debug(c, cpu.Registers, dr6);
        await Users.Tracers.Collect(c);
        ulong causes = dr6 & Dr6Bits.Causes;
        bool isKernels = trap.Vector == Vector.Debug && causes != 0 && (causes & ~cpu.OwnedAtTrap) == 0;
        if (!isKernels && verdict is (TrapVerdict.Oops or TrapVerdict.Signal or TrapVerdict.Ignored))
        {
            // Nobody in the kernel knows it: it is the guest's own business.
            cpu.PassOn(trap, dr6 & ~cpu.OwnedAtTrap);
        }
    }

    uint IHostedTraps.OwnedRegisters(int cpu) => Perf.Cpu(cpu).Owned;

    ValueTask IHostedTraps.HandleNmi(KernelContext c, HostedCpu cpu) => default;

    InterruptSource? IHostedTraps.NmiLine(int cpu) => Traps.NmiLine(cpu);

    ValueTask IHostedTraps.HandleStart(KernelContext c, HostedCpu cpu) =>
        Users.Hotplug.IsReturning(cpu) ? Users.Hotplug.StartAgain(c) : Kgdb.Hardware!.StartCpu(c);

    private KgdbHost Build(KernelModel kernel, SmpMachine machine)
    {
        Rcu.Rcu rcu = new(kernel, RcuModel.Classic);
        Perf = new PerfBreakpoints(kernel, OptionsOf(Version, Defects));
        Traps = new TrapPath(kernel, rcu, new TrapOptions
        {
            Version = Version,
            HasNmiLines = true,
            EventCapacity = EventCapacity,
            Dr7OnExit = Defects.HasFlag(KgdbDefects.StaleDr7OnExit) ? Dr7OnExit.Saved : Dr7OnExit.Current,
            RegistersOf = cpu => Host.Cpus[cpu.Number].Interrupted(),
            Breakpoints = Perf,
        });
        Traps.DieChain.Add(Perf.Notifier());
        HostedKernelMemory memory = new(new HostedMemory(machine));
        Kgdb = new KgdbModel(kernel, rcu, Traps, memory, Perf, new KgdbOptions { Form = KgdbForm.Of(Version), Defects = Defects });
        Kgdb.Session = _session = new HostedSession(kernel, Opened, Closed);
        return this;
    }

    /// <summary>How that kernel counts slots and handles hits; with kgdb's change of January 2010 where kgdb has its form of then.</summary>
    private static PerfBreakpointOptions OptionsOf(KernelVersion version, KgdbDefects defects)
    {
        bool isStale = defects.HasFlag(KgdbDefects.StaleDr7OnExit);
        return version switch
        {
            KernelVersion.Linux61 => new PerfBreakpointOptions(),
            KernelVersion.Linux2635 => new PerfBreakpointOptions { Handler = HandlerForm.E0e53db with { RestoresWantedDr7 = !isStale } },
            _ => new PerfBreakpointOptions { Handler = HandlerForm.KgdbAsPosted, HasHistograms = false },
        };
    }

    private bool TakeFast(HostedCpu cpu, PendingEvent trap) =>
        trap.Vector == Vector.Breakpoint && Traps.TryFastInt3(cpu.Cpu, cpu.Registers);

    private void Opened(KgdbState state)
    {
        Stop = StopReason.Of(this, state, _requestedCpu == state.Cpu);
        _requestedCpu = -1;
        Host.WaitsForOutside = true;
        Trace?.Opened(Stop);
    }

    private void Closed()
    {
        Host.WaitsForOutside = false;
        Trace?.Closed(Stop.Cpu);
    }

    private bool RunKernelOnly()
    {
        bool any = false;
        for (int cpu = 0; cpu < Host.Cpus.Count && !IsStopped; cpu++)
        {
            if (Host.CanRun(cpu))
            {
                Host.Run(cpu);
                any = true;
            }
        }

        return any;
    }

    private HostedCpu? First(int wanted)
    {
        ulong online = Host.Kernel.Online.Value;
        for (int i = 0; i < Host.Cpus.Count; i++)
        {
            HostedCpu cpu = Host.Cpus[(wanted + i) % Host.Cpus.Count];
            if ((online >> cpu.Cpu.Number & 1) != 0 && !cpu.IsInKernel)
            {
                return cpu;
            }
        }

        return null;
    }
}
