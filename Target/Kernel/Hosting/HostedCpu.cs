using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;
using KgdbSim.Target.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// A simulated processor under a modelled kernel. Its guest code is what a task of that kernel does; a trap of it resumes the
/// task's kernel side, an NMI interrupts either.
/// </summary>
internal sealed class HostedCpu
{
    /// <summary>Not a vector: the processor has been started.</summary>
    private const byte StartVector = 0xFE;

    private readonly IHostedTraps _traps;
    private readonly SharedCell<int> _trap;
    private PendingEvent _event;
    private bool _isHandling;

    public HostedCpu(KernelCpu cpu, Vcpu vcpu, IHostedTraps traps)
    {
        _traps = traps;
        Cpu = cpu;
        Vcpu = vcpu;
        Registers = new VcpuRegisters(vcpu);
        DebugRegisters = new VcpuDebugRegisters(vcpu, cpu.DebugRegisters);
        cpu.DebugRegisters.Sink = DebugRegisters;
        Vm = new VirtualMachine(this);
        _trap = cpu.Kernel.World.Cell($"C{cpu.Number}.trap", 0);
        Task = cpu.Kernel.Spawn($"guest/{cpu.Number}", cpu.Number, Live);
        Nmi = traps.NmiLine(cpu.Number) ?? cpu.Kernel.AddInterrupt($"C{cpu.Number}.nmi", cpu.Number, ContextKind.Nmi, 0, TakeNmi);
    }

    public KernelCpu Cpu { get; }

    public Vcpu Vcpu { get; }

    /// <summary>The guest code's registers.</summary>
    public VcpuRegisters Registers { get; }

    public VcpuDebugRegisters DebugRegisters { get; }

    /// <summary>Who runs the guest code, as the modelled kernel sees it.</summary>
    public KernelTask Task { get; }

    /// <summary>The line for NMIs, those of kgdb's roundup among them.</summary>
    public InterruptSource Nmi { get; }

    /// <summary>The kernel has taken it out of cpu_online_mask: its guest code stands until it comes back.</summary>
    public bool IsUnplugged { get; set; }

    /// <summary>The guest code's debug registers; null where it has the processor's.</summary>
    public GuestRegisters? Guest { get; set; }

    /// <summary>A virtual machine's use of this processor.</summary>
    public VirtualMachine Vm { get; }

    /// <summary>Modelled kernel code is under way.</summary>
    public bool IsBusy => _isHandling || !Nmi.IsBetweenInterrupts || Cpu.Calls?.Ipi.IsBetweenInterrupts == false;

    /// <summary>Guest code stands: modelled kernel code is under way, or the processor is unplugged.</summary>
    public bool IsInKernel => IsUnplugged || IsBusy;

    /// <summary>Guest code stands because of some trap.</summary>
    public bool IsHandling => _isHandling;

    /// <summary>Guest code stands because of this trap, which the kernel has not dealt with yet.</summary>
    public bool Handles(byte vector) => _isHandling && _event.Vector == vector;

    /// <summary>DR6 as the processor left it at the trap being handled; an NMI before the handler may have cleared the register.</summary>
    public ulong TrapDr6 { get; private set; }

    /// <summary>DR7 then.</summary>
    public ulong TrapDr7 { get; private set; }

    /// <summary>RIP then.</summary>
    public ulong TrapIp { get; private set; }

    /// <summary>Some modelled code could take a step.</summary>
    public bool CanRun => Nmi.State == RunnableState.Ready || Task.State == RunnableState.Ready
        || Cpu.Calls?.Ipi.State == RunnableState.Ready;

    /// <summary>A trap of the guest code: the kernel side of the task will handle it.</summary>
    public void Enter(in PendingEvent trap)
    {
        _event = trap;
        _isHandling = true;
        DebugRegisters.Fetch();
        TrapDr6 = Cpu.DebugRegisters.Value(6);
        TrapDr7 = Cpu.DebugRegisters.Value(7);
        TrapIp = Registers.Ip;
        _trap.Commit(1);
    }

    /// <summary>What an interrupt of this processor interrupts: guest code, whatever the kernel does on its behalf.</summary>
    public VcpuRegisters Interrupted()
    {
        if (!_isHandling)
        {
            // A processor that was halted stays so: the guest need not notice that its debugger looked.
            DebugRegisters.Fetch();
        }

        Vm.Interrupt(Nmi.Context);
        return Registers;
    }

    /// <summary>The modelled kernel has no use for the trap: the guest's own interrupt table has it.</summary>
    /// <param name="trap">As it came.</param>
    /// <param name="dr6">DR6 as it was then.</param>
    public unsafe void PassOn(in PendingEvent trap, ulong dr6)
    {
        if (trap.Vector == Vector.Debug)
        {
            Vcpu.Core.State->Dr6 = dr6;
        }

        Vcpu.Core.Pending = trap;
        TrapDispatcher.Deliver(Vcpu.Core);
    }

    /// <summary>The processor has come online: the kernel's start routine runs before its guest code.</summary>
    public void Start() => Enter(new PendingEvent { Source = EventSource.Exception, Vector = StartVector });

    /// <summary>Runs whoever of this processor comes first; interrupts before the task.</summary>
    /// <returns>The steps it took.</returns>
    public long Run()
    {
        KernelProcess first = Nmi.State == RunnableState.Ready ? Nmi
            : Cpu.Calls?.Ipi.State == RunnableState.Ready ? Cpu.Calls.Ipi : Task;
        return first.Run(1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Live(KernelContext c)
    {
        while (true)
        {
            await _trap.WaitUntil(c, static trap => trap != 0);
            _trap.Commit(0);
            await (_event.Vector == StartVector ? _traps.HandleStart(c, this) : _traps.Handle(c, this, _event));
            _isHandling = false;
            Guest?.RestoreDr6();
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask TakeNmi(KernelContext c)
    {
        Interrupted();
        await _traps.HandleNmi(c, this);
    }
}

/// <summary>What the modelled kernel does with what its processors report.</summary>
internal interface IHostedTraps
{
    /// <summary>#BP, #DB and the like of guest code.</summary>
    ValueTask Handle(KernelContext c, HostedCpu cpu, PendingEvent trap);

    /// <summary>The line on which the kernel itself sends NMIs to a CPU; null: it has none, and <see cref="HandleNmi"/> gets them.</summary>
    InterruptSource? NmiLine(int cpu) => null;

    /// <summary>The processor has been started by another one; its guest code has not begun.</summary>
    ValueTask HandleStart(KernelContext c, HostedCpu cpu) => default;

    /// <summary>An NMI, whatever was under way.</summary>
    ValueTask HandleNmi(KernelContext c, HostedCpu cpu);
}
