using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Lockdep;
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
    private int _steppedCpu = -1;
    private bool _isShown;
    private readonly bool[] _isMovedAway;
    private readonly bool[] _isKernels;

    /// <param name="machine">The machine.</param>
    /// <param name="form">Which kernel, and in which form.</param>
    /// <param name="hasLockdep">CONFIG_PROVE_LOCKING: what it finds is recorded.</param>
    public KgdbHost(SmpMachine machine, HostedForm form, bool hasLockdep = false)
    {
        Form = form;
        _isMovedAway = new bool[machine.CpuCount];
        _isKernels = new bool[machine.CpuCount];
        Host = new KernelHost(machine, OptionsOf(form.Version, hasLockdep), kernel => Build(kernel, machine), TakeFast, Wants);
        foreach (HostedCpu cpu in Host.Cpus)
        {
            cpu.Registers.SeesUserMode = Defects.HasFlag(KgdbDefects.AnyDebugException);
        }
    }

    /// <summary>Which kernel it is, and in which form.</summary>
    public HostedForm Form { get; }

    public KernelVersion Version => Form.Version;

    public KgdbDefects Defects => Form.Defects;

    public KernelHost Host { get; }

    public TrapPath Traps { get; private set; } = null!;

    /// <summary>Who hands out the debug registers.</summary>
    public IRegisterLayer Layer { get; private set; } = null!;

    /// <summary>perf's breakpoints.</summary>
    /// <exception cref="InvalidOperationException">This kernel has none.</exception>
    public PerfBreakpoints Perf => Layer.Perf ?? throw new InvalidOperationException($"Linux {Version.Name} has no perf breakpoints.");

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
        bool isRequested = false;
        while (!IsStopped)
        {
            if (!isRequested && First(cpu) is { } first)
            {
                isRequested = true;
                _requestedCpu = first.Cpu.Number;
                Host.Enter(first, new PendingEvent { Source = EventSource.Exception, Vector = RequestVector });
            }

            if (!RunKernelOnly() && (isRequested || First(cpu) is null))
            {
                break;
            }
        }

        return IsStopped;
    }

    /// <summary>dbg_set_sw_break().</summary>
    public Errno InsertSoftware(ulong address) => Do(c => Kgdb.Software.Set(c, address));

    /// <summary>dbg_remove_sw_break().</summary>
    public Errno RemoveSoftware(ulong address) => Do(c => Kgdb.Software.Remove(c, address));

    /// <summary>kgdb_set_hw_break(): a slot on every CPU, or none.</summary>
    public Errno InsertHardware(ulong address, int length, KgdbBreakpointType type) =>
        Do(c => Layer.BreakInfo.Set(c, address, length, type));

    /// <summary>kgdb_remove_hw_break().</summary>
    public Errno RemoveHardware(ulong address, int length, KgdbBreakpointType type) =>
        Do(c => Layer.BreakInfo.Remove(c, address, length, type));

    /// <summary>dbg_remove_all_break(). Hits that wait for their session are void.</summary>
    public void RemoveAll()
    {
        for (int cpu = 0; cpu < Host.Cpus.Count; cpu++)
        {
            bool isWaiting = IsWaiting(cpu);
            if (IsBehindInt3(cpu))
            {
                isWaiting = true;
                Host.Cpus[cpu].Registers.Ip--;
            }

            _isMovedAway[cpu] |= isWaiting;
        }

        Do(async c =>
        {
            await Kgdb.Core.RemoveAllBreakpoints(c);
            return Errno.None;
        });
    }

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
            if (stepping >= 0 && (Host.Cpus[stepping].Registers.Flags & KernelRegisters.TrapFlag) == 0)
            {
                // What the guest has set itself is not taken away at the stop.
                Host.Cpus[stepping].Registers.Flags |= KernelRegisters.TrapFlag;
                _steppedCpu = stepping;
            }

            await Kgdb.Core.SteppingCpu.Write(c, stepping);
            return Errno.None;
        });
        _session.Leave(new KgdbSessionResult(KgdbAction.Left));
        Host.WaitsForOutside = false;
    }

    /// <summary>
    /// A CPU that has executed an int3 of the debugger's while another one was in it already: its turn comes when that one leaves, and
    /// until then its RIP is behind the int3, as the processor has left it.
    /// </summary>
    public bool IsBehindInt3(int cpu) => IsStopped && cpu != _session.State!.Cpu && Host.Cpus[cpu].Handles(Vector.Breakpoint)
        && !_isMovedAway[cpu] && StopReason.IsKnown(this, Host.Cpus[cpu].Registers.Ip - 1);

    /// <summary>
    /// A CPU that has hit something while another one was on its way into the debugger: it waits for its turn there, or the roundup's
    /// NMI has come before its handler's first instruction.
    /// </summary>
    public bool IsWaiting(int cpu) => IsStopped && cpu != _session.State!.Cpu
        && (Host.Cpus[cpu].Handles(Vector.Breakpoint) || Host.Cpus[cpu].Handles(Vector.Debug));

    /// <summary>Gives way to a CPU that waits, without letting the guest execute anything.</summary>
    /// <returns>False: what it waited with is void, and the machine is as before.</returns>
    public bool GiveWay()
    {
        int before = _session.State!.Cpu;
        Resume(-1);
        while (!IsStopped && RunKernelOnly())
        {
        }

        return IsStopped || !Enter(before);
    }

    /// <summary>The debugger has put a CPU for which <see cref="IsBehindInt3"/> elsewhere: its hit is void.</summary>
    public void MoveAway(int cpu) => _isMovedAway[cpu] = true;

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

        ulong flags = cpu.Registers.Flags;
        cpu.Vm.Interrupt(c);
        TrapVerdict verdict = trap.Vector == Vector.Breakpoint
            ? await Traps.Int3(c, cpu.Registers)
            : await Traps.Debug(c, cpu.Registers, cpu.TrapDr6);
        await Layer.Traced.Collect(c, cpu.Registers);
        if (verdict is TrapVerdict.Oops or TrapVerdict.Signal or TrapVerdict.Ignored)
        {
            GiveBack(cpu, trap, flags);
        }

        _isMovedAway[cpu.Cpu.Number] = false;
    }

    ValueTask IHostedTraps.HandleNmi(KernelContext c, HostedCpu cpu) => default;

    InterruptSource? IHostedTraps.NmiLine(int cpu) => Traps.NmiLine(cpu);

    ValueTask IHostedTraps.HandleStart(KernelContext c, HostedCpu cpu) =>
        Users.Hotplug.IsReturning(cpu) ? Users.Hotplug.StartAgain(c) : Layer.BreakInfo.StartCpu(c);

    private KgdbHost Build(KernelModel kernel, SmpMachine machine)
    {
        Rcu.Rcu rcu = new(kernel, RcuModel.Classic);
        KgdbOptions options = new() { Form = Form.Kgdb, Defects = Defects, Without = Form.Without };
        Layer = RegisterLayers.Make(kernel, Form, options);
        Traps = new TrapPath(kernel, rcu, Layer.Adapt(new TrapOptions
        {
            Version = Version,
            HasNmiLines = true,
            EventCapacity = EventCapacity,
            RegistersOf = cpu => Host.Cpus[cpu.Number].Interrupted(),
        }));
        if (Layer.Notifier is { } notifier)
        {
            Traps.DieChain.Add(notifier);
        }

        HostedKernelMemory memory = new(new HostedMemory(machine));
        Kgdb = new KgdbModel(kernel, rcu, Traps, memory, options, Layer.BreakInfo);
        Kgdb.Session = _session = new HostedSession(kernel, Opened, Closed);
        return this;
    }

    private static KernelOptions OptionsOf(KernelVersion version, bool hasLockdep) => new()
    {
        Preemption = PreemptionModel.Full,
        HasLockdep = hasLockdep,
        LockdepOnlyRecords = true,
        Lockdep = new LockdepOptions(version.HasEntryCode ? LockdepFormat.Linux61 : LockdepFormat.Linux2630, version.Name, "#1"),
    };

    /// <summary>
    /// kgdb as it was takes whatever comes in kernel mode. Else a trap that nobody in the kernel has asked for is the guest's, at the
    /// cost that it has without a modelled kernel.
    /// </summary>
    private bool Wants(HostedCpu cpu, byte vector) => Defects.HasFlag(KgdbDefects.AnyDebugException) || vector switch
    {
        Vector.Debug => Traps.Kprobes is not null || IsKernels(cpu),
        Vector.Breakpoint => Traps.Kprobes is not null || Traps.TextPoke is not null || StopReason.IsKnown(this, cpu.Registers.Ip - 1),

        // The NMIs of a roundup do not come through a local APIC.
        _ => false,
    };

    private unsafe bool TakeFast(HostedCpu cpu, PendingEvent trap)
    {
        if (trap.Vector == Vector.Breakpoint)
        {
            if (Traps.TryFastInt3(cpu.Cpu, cpu.Registers))
            {
                return true;
            }

            _isKernels[cpu.Cpu.Number] = StopReason.IsKnown(this, cpu.Registers.Ip - 1);
            return false;
        }

        if (Traps.TryFastDebug(cpu.Cpu, cpu.Registers, cpu.Vcpu.Core.State->Dr6))
        {
            return true;
        }

        _isKernels[cpu.Cpu.Number] = IsKernels(cpu);
        return false;
    }

    /// <summary>Whether a #DB is for a register that the kernel has given to somebody, or for the debugger's step.</summary>
    private unsafe bool IsKernels(HostedCpu cpu)
    {
        ulong dr6 = cpu.Vcpu.Core.State->Dr6;
        bool isKernels = (dr6 & Dr6Bits.SingleStep) != 0 && _steppedCpu == cpu.Cpu.Number;
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            isKernels |= (dr6 >> n & 1) != 0 && Layer.HasOwner(cpu.Cpu.Number, n, cpu.Vcpu.Core.State->Dr[n], cpu.Vcpu.Core.State->Dr7);
        }

        return isKernels;
    }

    /// <summary>
    /// Nobody in the kernel takes a trap. What was the kernel's when it happened has lost its cause meanwhile; anything else is the
    /// guest's own business.
    /// </summary>
    private void GiveBack(HostedCpu cpu, in PendingEvent trap, ulong flags)
    {
        // The kernel takes the trap flag away then; a resume flag that it has set is to stay.
        cpu.Registers.Flags |= flags & KernelRegisters.TrapFlag;
        if (!_isKernels[cpu.Cpu.Number])
        {
            // Nor is the DR7 that the guest has set itself the kernel's, which has written its own.
            cpu.Cpu.DebugRegisters.Set(7, cpu.TrapDr7);
            cpu.PassOn(trap, cpu.TrapDr6);
        }
        else if (trap.Vector == Vector.Breakpoint && cpu.Registers.Ip == cpu.TrapIp)
        {
            cpu.Registers.Ip--;
        }
    }

    private void Opened(KgdbState state)
    {
        if (_steppedCpu >= 0)
        {
            Host.Cpus[_steppedCpu].Registers.Flags &= ~KernelRegisters.TrapFlag;
            _steppedCpu = -1;
        }

        Stop = StopReason.Of(this, state, _requestedCpu == state.Cpu);
        bool isLate = Stop.Kind == KgdbStopKind.Other && Host.Cpus[state.Cpu].Handles(RequestVector);
        bool isGone = Stop.Kind == KgdbStopKind.Other && state.HitEntries != 0;
        _requestedCpu = -1;
        if (isLate || isGone || _isMovedAway[state.Cpu])
        {
            // It waited with a hit of a breakpoint that was removed meanwhile, or was put elsewhere; or somebody else had come first
            // when it was told to come in.
            _session.Leave(new KgdbSessionResult(KgdbAction.Left));
            return;
        }

        Host.WaitsForOutside = true;
        _isShown = true;
        Trace?.Opened(Stop);
    }

    private void Closed()
    {
        if (_isShown)
        {
            Trace?.Closed(Stop.Cpu);
        }

        _isShown = false;
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
