using System.Runtime.CompilerServices;
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
/// A machine under a modelled kernel with a debugger inside: the trap path, who hands out debug registers, and kgdb of that kernel, and
/// what somebody outside needs to drive kgdb's command loop.
/// </summary>
internal sealed class KgdbHost : IHostedTraps
{
    /// <summary>Not a vector: the debugger outside wants the machine to stand.</summary>
    private const byte RequestVector = 0xFF;

    /// <summary>Nor this: the step that the debugger has asked for has led into the guest's own handler.</summary>
    private const byte StepVector = 0xFD;

    /// <summary>How many traps are remembered for people.</summary>
    private const int EventCapacity = 1024;

    private HostedSession _session = null!;
    private int _requestedCpu = -1;
    private int _enteredHandlerCpu = -1;
    private bool _isShown;
    private readonly bool[] _isMovedAway;
    private readonly bool[] _wasShown;
    private readonly TrapRouting _routing;
    private readonly BreakpointPasses _passes;

    /// <param name="machine">The machine.</param>
    /// <param name="form">Which kernel, and in which form.</param>
    /// <param name="hasLockdep">CONFIG_PROVE_LOCKING: what it finds is recorded.</param>
    public KgdbHost(SmpMachine machine, HostedForm form, bool hasLockdep = false)
    {
        Form = form with { Forbidden = ForbiddenPlaces.Of(machine.Options.Model) };
        _isMovedAway = new bool[machine.CpuCount];
        _wasShown = new bool[machine.CpuCount];
        _routing = new TrapRouting(this, machine.CpuCount);
        Host = new KernelHost(machine, OptionsOf(form.Version, hasLockdep), kernel => Build(kernel, machine), _routing.TakeFast, _routing.Wants);
        _passes = new BreakpointPasses(this, machine.CpuCount);
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

    /// <summary>How long a roundup waits for those that don't come.</summary>
    public RoundupClock Roundup { get; private set; } = null!;

    /// <summary>The step that the debugger has asked for.</summary>
    public DebuggerStep Step { get; } = new();

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
        if (Step.Cpu >= 0 && (online >> Step.Cpu & 1) == 0)
        {
            // It has shut down in the middle of its step.
            Step.End();
            Kgdb.Core.SteppingCpu.Commit(KgdbCore.Nobody);
        }

        cpu = Step.Cpu >= 0 ? Step.Cpu : cpu;
        bool isRequested = false;
        while (!IsStopped)
        {
            // The one that makes a step may be on its way: another one would wait for it, and it for nobody.
            bool isOnItsWay = !isRequested && Step.Cpu >= 0 && Host.Cpus[Step.Cpu].IsInKernel && RunKernelOnly();
            if (!isRequested && !isOnItsWay && First(cpu) is { } first)
            {
                isRequested = true;
                _requestedCpu = first.Cpu.Number;
                Host.Enter(first, new PendingEvent { Source = EventSource.Exception, Vector = RequestVector });
            }

            if (!RunKernelOnly() && (isRequested || First(cpu) is null) && !Roundup.TryTimeOut())
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
    public Errno RemoveHardware(ulong address, int length, KgdbBreakpointType type)
    {
        Errno error = Do(c => Layer.BreakInfo.Remove(c, address, length, type));
        if (error == Errno.None && type == KgdbBreakpointType.Execute)
        {
            _passes.Forget(address);
        }

        return error;
    }

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
        _passes.Forget(null);
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
            if (stepping >= 0)
            {
                Step.Begin(Host.Cpus[stepping]);
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
        && (Host.Cpus[cpu].Handles(Vector.Breakpoint) || Host.Cpus[cpu].Handles(Vector.Debug) || Host.Cpus[cpu].Handles(StepVector));

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
    public TrappedHits Hits(int cpu) => _routing.Hits(cpu);

    /// <summary>Who has debug registers, in words; empty if nobody.</summary>
    public string DescribeSlotOwners() => SlotOwners.Describe(this);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    async ValueTask IHostedTraps.Handle(KernelContext c, HostedCpu cpu, PendingEvent trap)
    {
        _wasShown[cpu.Cpu.Number] = false;
        if (trap.Vector == StepVector)
        {
            await StopInHandler(c, cpu);
            return;
        }

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
            : await Traps.Debug(c, cpu.Registers, _routing.PresentDr6(cpu));
        await Layer.Traced.Collect(c, cpu.Registers);
        bool isTaken = verdict is not (TrapVerdict.Oops or TrapVerdict.Signal or TrapVerdict.Ignored);
        if (_routing.PassOn(cpu, trap, flags, isTaken, _wasShown[cpu.Cpu.Number]) && Step.Cpu == cpu.Cpu.Number)
        {
            await StopInHandler(c, cpu);
        }

        if (_wasShown[cpu.Cpu.Number])
        {
            _passes.Note(cpu);
        }

        _isMovedAway[cpu.Cpu.Number] = false;
    }

    /// <summary>A CPU that is being stepped has entered its guest's own handler: the step is made.</summary>
    public void EndStepInHandler(HostedCpu cpu) => Host.Enter(cpu, new PendingEvent { Source = EventSource.Exception, Vector = StepVector });

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask StopInHandler(KernelContext c, HostedCpu cpu)
    {
        _enteredHandlerCpu = cpu.Cpu.Number;
        await Kgdb.Core.HandleException(c, 0, KernelSignal.Trap, 0, cpu.Registers);
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
        Roundup = new RoundupClock(this, machine);
        return this;
    }

    private static KernelOptions OptionsOf(KernelVersion version, bool hasLockdep) => new()
    {
        Preemption = PreemptionModel.Full,
        HasLockdep = hasLockdep,
        LockdepOnlyRecords = true,
        Lockdep = new LockdepOptions(version.HasEntryCode ? LockdepFormat.Linux61 : LockdepFormat.Linux2630, version.Name, "#1"),
    };

    private void Opened(KgdbState state)
    {
        Roundup.Ended();
        Step.End();
        bool isInHandler = _enteredHandlerCpu == state.Cpu;
        _enteredHandlerCpu = isInHandler ? -1 : _enteredHandlerCpu;
        Stop = isInHandler ? new KgdbStop(state.Cpu, KgdbStopKind.StepDone, 0) : StopReason.Of(this, state, _requestedCpu == state.Cpu);
        bool isLate = Stop.Kind == KgdbStopKind.Other && Host.Cpus[state.Cpu].Handles(RequestVector);
        bool isGone = Stop.Kind == KgdbStopKind.Other && Host.Cpus[state.Cpu] is var cpu && cpu.Handles(Vector.Debug)
            && !Defects.HasFlag(KgdbDefects.HitsByRegister) && Hits(state.Cpu).OfDebugger(cpu.TrapDr6) != 0;
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

    /// <summary>Who comes in when the debugger outside asks; one whose guest code handles an NMI only if there is no other.</summary>
    private HostedCpu? First(int wanted)
    {
        ulong online = Host.Kernel.Online.Value;
        HostedCpu? found = null;
        for (int i = 0; i < Host.Cpus.Count && found is not { IsNmiBlocked: false }; i++)
        {
            HostedCpu cpu = Host.Cpus[(wanted + i) % Host.Cpus.Count];
            bool canCome = (online >> cpu.Cpu.Number & 1) != 0 && !cpu.IsInKernel;
            found = canCome && (found is null || !cpu.IsNmiBlocked) ? cpu : found;
        }

        return found;
    }
}
