using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>
/// What the modelled kernel does on #BP, #DB and NMI, from the gate to IRET: who is asked in which order, and what happens if
/// nobody takes the trap (arch/x86/kernel/traps.c and nmi.c of the versions in <see cref="KernelVersion"/>).
/// </summary>
internal sealed class TrapPath
{
    private readonly Int3Path _int3;
    private readonly DebugPath _debug;
    private readonly FastDebug? _fastDebug;
    private readonly NmiPath _nmi;
    private readonly OpenTraps[] _open;

    /// <param name="kernel">The kernel whose traps these are; to be called in set-up.</param>
    /// <param name="rcu">What protects walks of the die chain.</param>
    /// <param name="options">Which kernel it is.</param>
    public TrapPath(KernelModel kernel, Rcu.Rcu rcu, TrapOptions options)
    {
        Options = options;
        Events = new TrapEvents(options.EventCapacity);
        DieChain = new AtomicNotifierChain<DieArgs>(kernel, rcu, "die_chain")
        {
            UnregisterWaits = options.Version > KernelVersion.Linux2614,
            Answered = NoteAnswer,
        };
        _open = new OpenTraps[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _open.Length; cpu++)
        {
            _open[cpu] = new OpenTraps();
        }

        LocalDebug = new LocalDebugRegisters(options);
        _int3 = new Int3Path(this);
        _debug = new DebugPath(this);
        _fastDebug = options.Breakpoints is { } breakpoints ? new FastDebug(this, breakpoints) : null;
        _nmi = new NmiPath(this, kernel);
    }

    public TrapOptions Options { get; }

    /// <summary>Sees what happens, or null.</summary>
    public ITrapObserver? Observer { get; set; }

    /// <summary>The latest traps.</summary>
    public TrapEvents Events { get; }

    /// <summary>die_chain: hw_breakpoint and kprobes at the highest priority, kgdb at the lowest or, in 6.1, at 0.</summary>
    public AtomicNotifierChain<DieArgs> DieChain { get; }

    /// <summary>poke_int3_handler, since 2013 called before anything else; null in older kernels.</summary>
    public IInt3Hook? TextPoke { get; set; }

    /// <summary>kprobe_int3_handler, called by do_int3 itself since 2014; older kernels have kprobes on the chain.</summary>
    public IInt3Hook? Kprobes { get; set; }

    /// <summary>kgdb_ll_trap, with CONFIG_KGDB_LOW_LEVEL_TRAP: asked about an int3 before kprobes and the chain.</summary>
    public Func<KernelContext, DieCode, DieArgs, ValueTask<NotifyResult>>? LowLevelTrap { get; set; }

    /// <summary>NMI handlers that know their own (NMI_LOCAL): all are asked.</summary>
    public NmiHandlers NmiLocal => _nmi.Local;

    /// <summary>The line on which NMIs come to a CPU; null: there is none.</summary>
    public InterruptSource? NmiLine(int cpu) => _nmi.Line(cpu);

    /// <summary>NMI handlers for those nobody knew (NMI_UNKNOWN).</summary>
    public NmiHandlers NmiUnknown => _nmi.Unknown;

    public LocalDebugRegisters LocalDebug { get; }

    /// <summary>
    /// The int3 that needs no handler started: text poke and kprobes take it inline, without allocation. False: nothing has been
    /// changed, and <see cref="Int3"/> is to be called.
    /// </summary>
    public bool TryFastInt3(KernelCpu cpu, KernelRegisters registers)
    {
        IInt3Hook? taker = TextPoke is { } poke && poke.TryHandleInline(cpu, registers) ? poke
            : LowLevelTrap is null && Kprobes is { } kprobes && kprobes.TryHandleInline(cpu, registers) ? kprobes
            : null;
        if (taker is null)
        {
            return false;
        }

        TrapEvent record = Begin(TrapKind.Int3, cpu, registers);
        record.Looked(taker.Name, NotifyResult.Stop);
        End(record, TrapVerdict.Consumed);
        return true;
    }

    /// <summary>
    /// The debug exception that needs no handler started: breakpoints of perf's that count or sample, hit in kernel mode. False:
    /// nothing has been changed, and <see cref="Debug"/> is to be called. For inline runs only.
    /// </summary>
    /// <param name="cpu">Where.</param>
    /// <param name="registers">What was interrupted; an instruction breakpoint sets RF in them.</param>
    /// <param name="rawDr6">DR6 as the processor has left it.</param>
    public bool TryFastDebug(KernelCpu cpu, KernelRegisters registers, ulong rawDr6) =>
        _fastDebug?.TryTake(cpu, registers, rawDr6) == true;

    /// <summary>#BP, vector 3: from its gate to IRET. <paramref name="registers"/> have the address after the int3.</summary>
    public ValueTask<TrapVerdict> Int3(KernelContext c, KernelRegisters registers) => _int3.Handle(c, registers);

    /// <summary>#DB, vector 1: from its gate to IRET.</summary>
    /// <param name="c">Who trapped.</param>
    /// <param name="registers">What was interrupted.</param>
    /// <param name="rawDr6">DR6 as the processor has left it.</param>
    public ValueTask<TrapVerdict> Debug(KernelContext c, KernelRegisters registers, ulong rawDr6) => _debug.Handle(c, registers, rawDr6);

    /// <summary>An NMI, in the context of the source it came from: everything but its gate and IRET.</summary>
    public ValueTask<TrapVerdict> Nmi(KernelContext c, KernelRegisters registers) => _nmi.Handle(c, registers);

    /// <summary>An NMI to every CPU of <paramref name="mask"/> that is online (apic_send_IPI_allbutself with NMI_VECTOR).</summary>
    public ValueTask SendNmi(KernelContext c, ulong mask)
    {
        Observer?.SentNmi(c.Home.Number, mask);
        return _nmi.Send(c, mask);
    }

    /// <summary>
    /// A fault in kernel code: the chain hears of it, and then of an oops from die(); the caller ends the thread of control unless somebody
    /// stopped it.
    /// </summary>
    /// <param name="c">Where.</param>
    /// <param name="registers">What faulted.</param>
    /// <param name="vector">14 for a page fault.</param>
    [AsyncMethodBuilder(typeof(Scheduling.Steps.StepMethodBuilder<>))]
    public async ValueTask<TrapVerdict> Die(KernelContext c, KernelRegisters registers, int vector)
    {
        OpenTrap trap = Open(c.Home, TrapKind.Oops, registers);
        bool stopped = FaultNotice.Of(vector) is { } notice
            && await Notify(c, trap, notice.Code, vector, notice.Signal) == NotifyResult.Stop;
        stopped = stopped || await Notify(c, trap, DieCode.Oops, vector, KernelSignal.Segmentation) == NotifyResult.Stop;
        return Close(c.Home, trap, stopped ? TrapVerdict.Consumed : TrapVerdict.Oops);
    }

    /// <summary>The trap whose handler a notifier is called from, or null.</summary>
    public OpenTrap? Innermost(KernelCpu cpu) => _open[cpu.Number].Innermost;

    /// <summary>Part of a step: a trap begins.</summary>
    public OpenTrap Open(KernelCpu cpu, TrapKind kind, KernelRegisters registers) =>
        _open[cpu.Number].Push(Begin(kind, cpu, registers), registers);

    /// <summary>Part of a step: the record of a trap begins.</summary>
    public TrapEvent Begin(TrapKind kind, KernelCpu cpu, KernelRegisters registers)
    {
        TrapEvent record = Events.Begin(kind, cpu.Number, registers.Ip);
        Observer?.Began(record);
        return record;
    }

    /// <summary>Part of a step: it ends.</summary>
    public void End(TrapEvent record, TrapVerdict verdict)
    {
        record.End(verdict);
        Observer?.Ended(record);
    }

    /// <summary>Part of a step: it ends.</summary>
    public TrapVerdict Close(KernelCpu cpu, OpenTrap trap, TrapVerdict verdict)
    {
        End(trap.Event, verdict);
        _open[cpu.Number].Pop();
        return verdict;
    }

    /// <summary>notify_die().</summary>
    public ValueTask<NotifyResult> Notify(KernelContext c, OpenTrap trap, DieCode code, int trapNumber, int signal)
    {
        trap.Args.TrapNumber = trapNumber;
        trap.Args.Signal = signal;
        return DieChain.Call(c, code, trap.Args);
    }

    private void NoteAnswer(KernelContext c, string name, NotifyResult answer) => Innermost(c.Home)?.Event.Looked(name, answer);
}
