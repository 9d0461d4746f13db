using System.Buffers;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// Linux 6.1's kgdb with its defects on a simulated machine: the modelled trap path, perf layer and debug core, and the byte-true stub as the
/// master's command loop.
/// </summary>
internal sealed class FaithfulKgdb : IHostedTraps, IKgdbCore
{
    /// <summary>Not a vector: somebody outside wants the kernel to stop.</summary>
    private const byte RequestVector = 0xff;

    private readonly IFaithfulGuest _guest;
    private readonly FaithfulOptions _options;
    private HostedSession _session = null!;

    /// <summary>
    /// What the master's frame in memory holds where a processor's register could not: any bits at all. Only the flags are loaded from it;
    /// segments that are not the kernel's would fault.
    /// </summary>
    private (ulong Flags, ulong CodeSegment, ulong StackSegment) _saved;

    public FaithfulKgdb(SmpMachine machine, FaithfulOptions options, IFaithfulGuest guest, IBufferWriter<byte> wire)
    {
        _guest = guest;
        _options = options;
        Stub = new KgdbSerialStub(this, wire, options.HasKdb);
        Host = new KernelHost(machine, new KernelOptions { Preemption = PreemptionModel.None }, Build, static (_, _) => false);
        foreach (HostedCpu cpu in Host.Cpus)
        {
            ulong control = options.UsedBreakpoints ? Dr7Encoding.GlobalExact : 0;
            Perf.Cpu(cpu.Cpu.Number).Dr7.Commit(control);
            cpu.Cpu.DebugRegisters.Set(6, DebugRegisterFile.Dr6Idle);
            cpu.Cpu.DebugRegisters.Set(7, control);
        }
    }

    public KgdbSerialStub Stub { get; }

    public KernelHost Host { get; }

    public TrapPath Traps { get; private set; } = null!;

    public PerfBreakpoints Perf { get; private set; } = null!;

    public KgdbModel Kgdb { get; private set; } = null!;

    /// <summary>Who is told of traps, sessions, roundups and DR7, if anybody is.</summary>
    public KernelTrace? Trace { get; set; }

    /// <summary>The master sits in the command loop.</summary>
    public bool IsStopped => Host.WaitsForOutside;

    public int MasterCpu => _session.State?.Cpu ?? 0;

    int IKgdbCore.CpuLimit => _guest.CpuLimit;

    IKgdbTask IKgdbCore.Current => _guest.Current(MasterCpu);

    IReadOnlyList<IKgdbTask> IKgdbCore.Tasks => _guest.Tasks;

    /// <summary>The stub has asked for it: the master leaves its loop and waits for the slaves, which leave when they are next run.</summary>
    public void Leave()
    {
        int master = MasterCpu;
        Trace?.Closed(master);
        Host.Cpus[master].Registers.Flags = _saved.Flags;
        _session.Leave(new KgdbSessionResult(KgdbAction.Left, Value: Stub.Demand == StubDemand.ResumeAndPass ? 1 : 0));
        Host.Cpus[master].Run();
    }

    /// <summary>An exception other than #BP, #DB and NMI in kernel code: die() hears of it.</summary>
    /// <param name="cpu">Whose registers are as the exception found them.</param>
    /// <param name="vector">Which one.</param>
    public void Oops(HostedCpu cpu, byte vector) =>
        Host.Enter(cpu, new PendingEvent { Source = EventSource.Exception, Vector = vector });

    /// <summary>A CPU is to call kgdb before its guest code goes on, as a sysrq key makes it.</summary>
    public void Request(int cpu) => Oops(Host.Cpus[cpu], RequestVector);

    public bool IsOnline(int cpu) => cpu < Host.Cpus.Count && (Host.Kernel.Online.Value >> cpu & 1) != 0;

    public IKgdbTask? TaskInDebugger(int cpu) =>
        cpu < Host.Cpus.Count && Kgdb.Core.Cpus[cpu].Task is not null ? _guest.Current(cpu) : null;

    public IKgdbTask IdleTask(int cpu) => _guest.IdleTask(cpu);

    public IKgdbTask? FindTask(int pid) => _guest.FindTask(pid);

    public unsafe ulong ReadRegister(int cpu, int register)
    {
        CpuState* s = Host.Cpus[cpu].Vcpu.Core.State;
        bool isMaster = cpu == MasterCpu;
        return register switch
        {
            RegisterNumber.InstructionPointer => s->Rip,
            RegisterNumber.Flags => isMaster ? _saved.Flags : s->Rflags,
            RegisterNumber.CodeSegment => isMaster ? _saved.CodeSegment : s->Cs.Selector,
            RegisterNumber.StackSegment => isMaster ? _saved.StackSegment : s->Ss.Selector,
            _ => s->Gpr[RegisterNumber.InProcessor(register)],
        };
    }

    public unsafe void WriteRegister(int register, ulong value)
    {
        HostedCpu cpu = Host.Cpus[MasterCpu];
        switch (register)
        {
            case RegisterNumber.InstructionPointer:
                cpu.Registers.Ip = value;
                break;
            case RegisterNumber.Flags:
                _saved.Flags = (_saved.Flags & 0xffff_ffff_0000_0000) | value;
                break;
            case RegisterNumber.CodeSegment:
                _saved.CodeSegment = value;
                break;
            case RegisterNumber.StackSegment:
                _saved.StackSegment = value;
                break;
            default:
                cpu.Vcpu.Core.State->Gpr[RegisterNumber.InProcessor(register)] = value;
                break;
        }
    }

    public ulong? FindSymbol(string name) => _guest.FindSymbol(name);

    public int ReadMemory(ulong address, Span<byte> bytes) => _guest.ReadMemory(address, bytes);

    public int WriteMemory(ulong address, ReadOnlySpan<byte> bytes) => _guest.WriteMemory(address, bytes);

    public int SetSoftwareBreakpoint(ulong address) =>
        _guest.IsFatal(address) ? KgdbErrno.NeverReturned : Do(c => Kgdb.Software.Set(c, address));

    public int RemoveSoftwareBreakpoint(ulong address) => Do(c => Kgdb.Software.Remove(c, address));

    public int SetHardwareBreakpoint(ulong address, int length, int type) =>
        Do(c => Kgdb.Hardware!.Set(c, address, length, (KgdbBreakpointType)type));

    public int RemoveHardwareBreakpoint(ulong address, int length, int type) =>
        Do(c => Kgdb.Hardware!.Remove(c, address, length, (KgdbBreakpointType)type));

    public int RemoveAllBreakpoints() => Do(RemoveAll);

    public void SetSteppingCpu(int cpu) => Do(c => Step(c, cpu));

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    async ValueTask IHostedTraps.Handle(KernelContext c, HostedCpu cpu, PendingEvent trap)
    {
        if (trap.Vector == RequestVector)
        {
            await Kgdb.Core.HandleException(c, 0, KernelSignal.Trap, 0, cpu.Registers);
            return;
        }

        ulong status = DebugStatus(cpu, cpu.Cpu.DebugRegisters.Value(6));
        TrapVerdict verdict = trap.Vector switch
        {
            Vector.Breakpoint => await Traps.Int3(c, cpu.Registers),
            Vector.Debug => await Traps.Debug(c, cpu.Registers, status),
            byte vector => await Traps.Die(c, cpu.Registers, vector),
        };
        _guest.Handled(cpu, trap, status, verdict);
    }

    ValueTask IHostedTraps.HandleNmi(KernelContext c, HostedCpu cpu) => default;

    InterruptSource? IHostedTraps.NmiLine(int cpu) => Traps.NmiLine(cpu);

    /// <summary>A data trap also tells which execution breakpoints stand at the next instruction: one stop for both, as on TCG and Bochs.</summary>
    private static ulong DebugStatus(HostedCpu cpu, ulong status) => (status & Dr6Bits.Breakpoints) == 0
        ? status
        : status | cpu.Vcpu.Core.Debug.ExecuteHits(cpu.Registers.Ip);

    private FaithfulKgdb Build(KernelModel kernel)
    {
        Rcu rcu = new(kernel, RcuModel.Classic);
        Perf = new PerfBreakpoints(kernel, new PerfBreakpointOptions
        {
            IsVirtualized = _options.IsVirtualized,
            Handler = _options.Defects.HasFlag(KgdbDefects.PerfStateCheck) ? HandlerForm.Linux61192 : HandlerForm.Linux61,
        });
        Traps = new TrapPath(kernel, rcu, new TrapOptions
        {
            HasNmiLines = true,
            Dr7OnExit = _options.Defects.HasFlag(KgdbDefects.StaleDr7OnExit) ? Dr7OnExit.Saved : Dr7OnExit.Current,
            RegistersOf = cpu => Host.Cpus[cpu.Number].Interrupted(),
            Breakpoints = Perf,
        });
        Traps.DieChain.Add(Perf.Notifier());
        Kgdb = new KgdbModel(kernel, rcu, Traps, _guest.Text, Perf, new KgdbOptions { Defects = _options.Defects });
        Kgdb.Session = _session = new HostedSession(kernel, Opened, () => Host.WaitsForOutside = false);
        return this;
    }

    private unsafe void Opened(KgdbState state)
    {
        CpuState* s = Host.Cpus[state.Cpu].Vcpu.Core.State;
        _saved = (s->Rflags, s->Cs.Selector, s->Ss.Selector);
        Host.WaitsForOutside = true;
        Trace?.Opened(state.Cpu, state.Signal == KernelSignal.Trap ? "trap" : "oops", s->Rip);
        Stub.Enter(state.Signal);
    }

    private int Do(Func<KernelContext, ValueTask<Errno>> command)
    {
        _session.Order(command);
        Host.Cpus[MasterCpu].Run();
        return (int)_session.Result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> RemoveAll(KernelContext c)
    {
        await Kgdb.Core.RemoveAllBreakpoints(c);
        return Errno.None;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Step(KernelContext c, int cpu)
    {
        await Kgdb.Core.SteppingCpu.Write(c, cpu);
        return Errno.None;
    }
}
