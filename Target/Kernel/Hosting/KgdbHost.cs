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
    private readonly bool[] _wasShown;
    private readonly TrappedHits[] _hits;
    private readonly bool[] _isOwnStep;
    private readonly ulong[] _guestDr6;

    /// <param name="machine">The machine.</param>
    /// <param name="form">Which kernel, and in which form.</param>
    /// <param name="hasLockdep">CONFIG_PROVE_LOCKING: what it finds is recorded.</param>
    public KgdbHost(SmpMachine machine, HostedForm form, bool hasLockdep = false)
    {
        Form = form;
        _isMovedAway = new bool[machine.CpuCount];
        _isKernels = new bool[machine.CpuCount];
        _wasShown = new bool[machine.CpuCount];
        _hits = [.. Enumerable.Range(0, machine.CpuCount).Select(cpu => new TrappedHits(this, cpu))];
        _isOwnStep = new bool[machine.CpuCount];
        _guestDr6 = new ulong[machine.CpuCount];
        Host = new KernelHost(machine, OptionsOf(form.Version, hasLockdep), kernel => Build(kernel, machine), TakeFast, Wants);
        foreach (HostedCpu cpu in Host.Cpus)
        {
            cpu.Guest = Layer.Perf is null ? null : new GuestRegisters(this, cpu);
            cpu.Vcpu.Core.GuestDebugRegisters = cpu.Guest;
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
    /// <param name="cpu">
    /// Which CPU should come first; another if that cannot, and the one that makes a step if there is one: the others wait for it.
    /// </param>
    /// <returns>False: no CPU can.</returns>
    public bool Enter(int cpu)
    {
        ulong online = Host.OnlineMask();
        if (_steppedCpu >= 0 && (online >> _steppedCpu & 1) == 0)
        {
            // It has shut down in the middle of its step.
            _steppedCpu = -1;
            Kgdb.Core.SteppingCpu.Commit(KgdbCore.Nobody);
        }

        cpu = _steppedCpu >= 0 ? _steppedCpu : cpu;
        bool isRequested = false;
        while (!IsStopped)
        {
            // The one that makes a step may be on its way: another one would wait for it, and it for nobody.
            bool isOnItsWay = !isRequested && _steppedCpu >= 0 && Host.Cpus[_steppedCpu].IsInKernel && RunKernelOnly();
            if (!isRequested && !isOnItsWay && First(cpu) is { } first)
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
        SettleGuests();
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

    /// <summary>What the last slow #DB of a CPU was for.</summary>
    public TrappedHits Hits(int cpu) => _hits[cpu];

    /// <summary>Who has debug registers, in words; empty if nobody.</summary>
    public string DescribeSlotOwners() => SlotOwners.Describe(this);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    async ValueTask IHostedTraps.Handle(KernelContext c, HostedCpu cpu, PendingEvent trap)
    {
        _wasShown[cpu.Cpu.Number] = false;
        if (trap.Vector == RequestVector)
        {
            cpu.Vm.Interrupt(c);
            await Kgdb.Core.HandleException(c, 0, KernelSignal.Trap, 0, cpu.Registers);
            return;
        }

        ulong flags = cpu.Registers.Flags;
        cpu.Vm.Interrupt(c);
        TrapVerdict verdict = trap.Vector == Vector.Breakpoint
            ? await Traps.Int3(c, cpu.Registers)
            : await Traps.Debug(c, cpu.Registers, PresentDr6(cpu));
        await Layer.Traced.Collect(c, cpu.Registers);
        if (trap.Vector == Vector.Debug && !_wasShown[cpu.Cpu.Number])
        {
            ForgetVoidHit(cpu, flags);
        }

        bool isTaken = verdict is not (TrapVerdict.Oops or TrapVerdict.Signal or TrapVerdict.Ignored);
        if (trap.Vector == Vector.Debug)
        {
            PassOnDebug(cpu, trap, flags, isTaken);
        }
        else if (!isTaken)
        {
            PassOnInt3(cpu, trap);
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
        Vector.Debug => Traps.Kprobes is not null || cpu.Guest is { IsDisplaced: true } || IsKernels(cpu),
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

        ulong dr6 = cpu.Vcpu.Core.State->Dr6;
        _isKernels[cpu.Cpu.Number] = IsKernels(cpu);
        _isOwnStep[cpu.Cpu.Number] = IsOwnStep(cpu);

        // By the time the kernel has dealt with it, registers may have changed hands.
        _guestDr6[cpu.Cpu.Number] = AsGuestsSee(cpu, dr6);
        if (!_isKernels[cpu.Cpu.Number] && cpu.Guest is { IsDisplaced: true } && Traps.Kprobes is null)
        {
            cpu.PassOn(trap, _guestDr6[cpu.Cpu.Number]);
            return true;
        }

        if (!Traps.TryFastDebug(cpu.Cpu, cpu.Registers, dr6))
        {
            _hits[cpu.Cpu.Number].Record();
            return false;
        }

        cpu.Guest?.RestoreDr6();
        return true;
    }

    /// <summary>
    /// Nobody was told of a hit, because its breakpoint went away first: then the handler's RF must not hide the instruction from one
    /// that the debugger inserts there before it is executed.
    /// </summary>
    private void ForgetVoidHit(HostedCpu cpu, ulong flags)
    {
        ulong hits = cpu.TrapDr6 & Dr6Bits.Breakpoints;
        if (hits != 0 && hits == _hits[cpu.Cpu.Number].OfDebugger(hits) && !Defects.HasFlag(KgdbDefects.HitsByRegister))
        {
            cpu.Registers.Flags &= ~KernelRegisters.ResumeFlag | flags;
        }
    }

    /// <summary>DR6 for the handler, which looks up breakpoints by register.</summary>
    private ulong PresentDr6(HostedCpu cpu) =>
        Defects.HasFlag(KgdbDefects.HitsByRegister) ? cpu.TrapDr6 : _hits[cpu.Cpu.Number].Retarget(cpu.TrapDr6);

    /// <summary>The debugger's step of the CPU has ended.</summary>
    private bool IsOwnStep(HostedCpu cpu) => _steppedCpu == cpu.Cpu.Number && (cpu.Registers.Dr6 & Dr6Bits.SingleStep) != 0;

    /// <summary>Whether a #DB is for a register that the kernel has given to somebody else than the guest, or for the debugger's step.</summary>
    private bool IsKernels(HostedCpu cpu)
    {
        ulong hits = cpu.Registers.Dr6 & ~(cpu.Guest?.Mask ?? 0);
        bool isKernels = IsOwnStep(cpu);
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            isKernels |= (hits >> n & 1) != 0 && Layer.Holder(cpu, n) is not null;
        }

        return isKernels;
    }

    /// <summary>
    /// DR6 with the guest's own hits by the guest's own numbers, and without those of others. Where the guest has the processor's
    /// registers, all that isn't the kernel's is the guest's, but for a single step that some earlier exception has left in DR6.
    /// </summary>
    private ulong AsGuestsSee(HostedCpu cpu, ulong dr6)
    {
        if (cpu.Guest is { } guest)
        {
            return (dr6 & ~Dr6Bits.Breakpoints) | guest.HitsOf(dr6 & Dr6Bits.Breakpoints);
        }

        bool isStepped = (cpu.Registers.Flags & KernelRegisters.TrapFlag) != 0;
        ulong others = Dr6Bits.Breakpoints | (isStepped ? 0 : Dr6Bits.SingleStep);
        return _isKernels[cpu.Cpu.Number] ? dr6 & ~others : dr6;
    }

    /// <summary>
    /// The kernel has done what it does about a #DB. What was the guest's part of it the guest gets now: hits of its own registers, its
    /// own single step, or all of it if nobody in the kernel has anything to do with it.
    /// </summary>
    private void PassOnDebug(HostedCpu cpu, in PendingEvent trap, ulong flags, bool isTaken)
    {
        ulong dr6 = _guestDr6[cpu.Cpu.Number];
        if (_isOwnStep[cpu.Cpu.Number])
        {
            dr6 &= ~Dr6Bits.SingleStep;
        }

        if (!isTaken)
        {
            // The kernel takes the trap flag away then; a resume flag that it has set is to stay.
            cpu.Registers.Flags |= flags & KernelRegisters.TrapFlag;
        }

        bool isKernels = _isKernels[cpu.Cpu.Number];
        bool isGuests = isKernels ? (dr6 & (Dr6Bits.Breakpoints | Dr6Bits.SingleStep)) != 0
            : !isTaken || (dr6 & Dr6Bits.Breakpoints) != 0;
        if (!isGuests)
        {
            return;
        }

        if (!isKernels)
        {
            // RF, too, is the guest's to set.
            cpu.Registers.Flags = (cpu.Registers.Flags & ~KernelRegisters.ResumeFlag) | (flags & KernelRegisters.ResumeFlag);
            if (cpu.Guest is null)
            {
                // Nor is the DR7 that it has set itself the kernel's, which has written its own.
                cpu.Cpu.DebugRegisters.Set(7, cpu.TrapDr7);
            }
        }

        cpu.PassOn(trap, dr6);
    }

    /// <summary>
    /// Nobody in the kernel takes an int3. What was the kernel's when it happened has lost its cause meanwhile; anything else is the
    /// guest's own business.
    /// </summary>
    private void PassOnInt3(HostedCpu cpu, in PendingEvent trap)
    {
        if (!_isKernels[cpu.Cpu.Number])
        {
            cpu.PassOn(trap, cpu.TrapDr6);
        }
        else if (cpu.Registers.Ip == cpu.TrapIp)
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
        bool isGone = Stop.Kind == KgdbStopKind.Other && Host.Cpus[state.Cpu] is var cpu && cpu.Handles(Vector.Debug)
            && !Defects.HasFlag(KgdbDefects.HitsByRegister) && _hits[state.Cpu].OfDebugger(cpu.TrapDr6) != 0;
        _requestedCpu = -1;
        if (isLate || isGone || _isMovedAway[state.Cpu])
        {
            // It waited with a hit of a breakpoint that was removed meanwhile, or was put elsewhere; or somebody else had come first
            // when it was told to come in.
            _session.Leave(new KgdbSessionResult(KgdbAction.Left));
            return;
        }

        SettleGuests();
        Host.WaitsForOutside = true;
        _isShown = true;
        _wasShown[state.Cpu] = true;
        Trace?.Opened(Stop);
    }

    private void SettleGuests()
    {
        foreach (HostedCpu cpu in Host.Cpus)
        {
            cpu.Guest?.SettleIfNeeded();
        }
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
