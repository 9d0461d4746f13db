using System.Buffers;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// The trap path of Linux 6.1 over the stage's CPUs (spec/traps.md, 2): int3, #DB, NMI and what kills a task, with kgdb behind the
/// notifier chain and hw_breakpoint before it.
/// </summary>
internal sealed class StageKernel
{
    /// <summary>NR_CPUS.</summary>
    public const int CpuLimit = 8;

    private const int SignalTrap = 5;
    private const int SignalSegmentation = 11;
    private const byte Debug = 1;
    private const byte Nmi = 2;
    private const byte Breakpoint = 3;
    private const ulong ResumeFlag = 0x10000;
    private const ulong TrapFlag = 0x100;

    private readonly StageLayout _layout;
    private readonly DebugRegisterControl[] _registers;
    private readonly int[] _order;
    private readonly bool _dropsHits;
    private readonly bool _consoleThroughStub;
    private readonly TaskStarts _starts;
    private int _gate;

    /// <param name="order">Which CPU goes first where the recorded kernel leaves it open; a permutation of their numbers.</param>
    public StageKernel(Transcript transcript, StageLayout layout, StageMachine machine, int[] order, IBufferWriter<byte> wire)
    {
        TranscriptHeader header = transcript.Header;
        _layout = layout;
        _order = order;
        _dropsHits = header.DropsHits;
        _consoleThroughStub = header.ConsoleThroughStub;
        _starts = new TaskStarts(layout);
        Machine = machine;
        Symbols = new KernelSymbols(transcript);
        SoftwareBreakpoints = new SoftwareBreakpointTable(machine, Symbols.IsBlocked);
        bool used = header.IsTcg && !header.WaitsAtBoot;
        _registers = [.. machine.Cpus.Select(cpu => new DebugRegisterControl(cpu, HardwareBreakpoints, used, header.IsTcg))];
        Core = new DebugCore(this, wire);
        if (header.WaitsAtBoot)
        {
            machine.Cpus[0].Waiting.Enqueue(Tasks.MakeInit(new TaskStart { InstructionPointer = layout.KgdbBreakpoint }));
        }
    }

    public StageMachine Machine { get; }

    public DebugCore Core { get; }

    public TaskList Tasks { get; } = new();

    public KernelSymbols Symbols { get; }

    public SoftwareBreakpointTable SoftwareBreakpoints { get; }

    public HardwareBreakpointTable HardwareBreakpoints { get; } = new();

    /// <summary>It has panicked or restarted, and nobody will hear of it again.</summary>
    public bool IsDead { get; private set; }

    public DebugRegisterControl Registers(StageCpu cpu) => _registers[cpu.Number];

    public IEnumerable<StageCpu> InOrder() => _order.Select(number => Machine.Cpus[number]);

    /// <summary>A command line arrives while the kernel runs.</summary>
    public void Execute(ConsoleCommand command)
    {
        switch (command.Kind)
        {
            case "reboot":
                Core.Stub.Exit(1);
                IsDead = true;
                break;
            case "write" when _consoleThroughStub:
                Core.Stub.WriteConsole(Encoding.Latin1.GetBytes(command.Name + "\n"));
                break;
            default:
                if (_starts.For(command) is { } start)
                {
                    StageTask task = Tasks.Make(command.Kind == "sysrq" ? "sysrq" : "runner", start);
                    Machine.Cpus[command.Cpu % Machine.Cpus.Count].Waiting.Enqueue(task);
                }

                break;
        }
    }

    /// <summary>BREAK and g on the serial line: its interrupt stops CPU 0 in whatever it does, if that is nothing.</summary>
    public void Interrupt()
    {
        if (Machine.Cpus[0] is { IsIdle: true, Trap: null } cpu)
        {
            cpu.Begin(cpu.Idle, new TaskStart { InstructionPointer = _layout.KgdbBreakpoint, Flags = 0x2 });
        }
    }

    /// <summary>Lets one CPU run for a while, and handles what it stops for.</summary>
    /// <returns>Whether it could go on at once.</returns>
    public bool RunShortly(StageCpu cpu, int steps)
    {
        if (cpu.IsFree && cpu.Waiting.TryDequeue(out StageTask? next))
        {
            Begin(cpu, next);
        }

        if (!Machine.Run(cpu, steps, out bool halted))
        {
            return !halted;
        }

        ulong place = cpu.InstructionPointer;
        switch (place)
        {
            case StageMap.TaskEnd:
                End(cpu);
                break;
            case StageMap.PanicEnd:
                Die();
                break;
            default:
                Trap(cpu, (byte)((place - StageMap.Vectors) / 16));
                break;
        }

        return true;
    }

    /// <summary>A restart, or the end of a panic.</summary>
    public void Die() => IsDead = true;

    /// <summary>The exception is over: DR7 as it was saved, and back to what was interrupted.</summary>
    public void Return(StageCpu cpu, TrapEntry entry)
    {
        entry.Role = KgdbRole.None;
        Registers(cpu).Restore(entry.SavedControl);
        cpu.EndTrap();

        // The IRETQ at once, so that nothing finds the CPU on the stage's own code.
        Machine.Run(cpu, 1, out _);
    }

    /// <summary>kgdb has returned to the notifier chain.</summary>
    /// <param name="passed">It did not take the exception for its own.</param>
    public void Handled(StageCpu cpu, TrapEntry entry, bool passed)
    {
        if (!passed)
        {
            Return(cpu, entry);
        }
        else if (entry.IsOops)
        {
            Kill(cpu, entry);
        }
        else if (entry.Vector == Debug)
        {
            ClearStep(cpu, entry);
            Return(cpu, entry);
        }
        else
        {
            // Nobody wanted the int3: die("int3"), whose notifiers lead to kgdb again.
            entry.InInterrupt = true;
            Oops(cpu, entry);
        }
    }

    private void Begin(StageCpu cpu, StageTask task)
    {
        if (task.Start!.ClearsGate)
        {
            _gate = 0;
        }

        cpu.Begin(task, task.Start);
        if (task.Start.Participants <= 1)
        {
            return;
        }

        _gate++;
        foreach (StageCpu other in Machine.Cpus)
        {
            OpenGate(other);
        }
    }

    private void End(StageCpu cpu)
    {
        Tasks.Remove(cpu.Current);
        cpu.BecomeIdle();
    }

    // Guest code at the gate does nothing but look; whether it may go on is known here.
    private void OpenGate(StageCpu cpu)
    {
        if (cpu.Current.Start is { Participants: > 1 } start && _gate >= start.Participants && cpu.Trap is null
            && cpu.InstructionPointer - StageMap.Gate < 4)
        {
            cpu.InstructionPointer = start.InstructionPointer;
        }
    }

    private void Trap(StageCpu cpu, byte vector)
    {
        bool hasErrorCode = vector is 8 or (>= 10 and <= 14) or 17 or 21;
        TrapEntry entry = cpu.BeginTrap(vector, hasErrorCode);
        switch (vector)
        {
            case Debug:
                HandleDebug(cpu, entry);
                break;
            case Nmi:
                HandleNmi(cpu, entry);
                break;
            case Breakpoint:
                entry.KgdbVector = Breakpoint;
                entry.Signal = SignalTrap;
                Core.Enter(cpu, entry);
                break;
            default:
                Oops(cpu, entry);
                break;
        }
    }

    /// <summary>exc_nmi with kgdb_nmi_handler: a slave if somebody holds the master lock, else nothing.</summary>
    private void HandleNmi(StageCpu cpu, TrapEntry entry)
    {
        entry.SavedControl = Registers(cpu).Save();
        if (Core.Master is null)
        {
            Return(cpu, entry);
            return;
        }

        entry.Role = KgdbRole.Slave;
        Registers(cpu).Disable();
    }

    /// <summary>exc_debug for kernel code: DR6 read and cleared, DR7 saved and cleared, hw_breakpoint, kgdb.</summary>
    private void HandleDebug(StageCpu cpu, TrapEntry entry)
    {
        ulong causes = cpu.GetDebugRegister(6) ^ DebugStatus.Idle;
        cpu.SetDebugRegister(6, DebugStatus.Idle);

        // A trap also tells which execution breakpoints stand at the next instruction: one stop for both (seen on TCG and Bochs).
        causes |= (causes & DebugStatus.Traps) == 0
            ? 0
            : cpu.ExecuteHits(cpu.ReadRegister(entry, RegisterNumber.InstructionPointer));
        entry.SavedControl = Registers(cpu).Save();
        if (causes == 0)
        {
            Return(cpu, entry);
            return;
        }

        bool consumed = (causes & DebugStatus.Traps) != 0 && HandleBreakpoints(cpu, entry, causes);
        if (consumed)
        {
            Return(cpu, entry);
            return;
        }

        entry.Signal = SignalTrap;
        Core.Enter(cpu, entry);
    }

    /// <summary>hw_breakpoint_handler: true is NOTIFY_STOP, nobody else is asked.</summary>
    private bool HandleBreakpoints(StageCpu cpu, TrapEntry entry, ulong causes)
    {
        for (int n = 0; n < 4; n++)
        {
            bool unknown = (causes & (1ul << n)) == 0 || Registers(cpu).Owner(n) < 0;
            if (unknown || (Registers(cpu).IsExecute(n) && (causes & DebugStatus.Step) != 0))
            {
                continue;
            }

            if (!_dropsHits)
            {
                cpu.Current.VirtualDr6 |= HardwareBreakpoints.EnabledBits;
            }

            if (Registers(cpu).IsExecute(n))
            {
                ulong flags = cpu.ReadRegister(entry, RegisterNumber.Flags);
                cpu.WriteRegister(entry, RegisterNumber.Flags, flags | ResumeFlag);
            }
        }

        return (cpu.Current.VirtualDr6 & DebugStatus.Traps) == 0 && (causes & ~DebugStatus.Traps) == 0;
    }

    private void Oops(StageCpu cpu, TrapEntry entry)
    {
        entry.IsOops = true;
        entry.KgdbVector = entry.Vector;
        entry.Signal = SignalSegmentation;
        Core.Enter(cpu, entry);
    }

    /// <summary>oops_end: the task dies, or all of them if this is no place to die in.</summary>
    private void Kill(StageCpu cpu, TrapEntry entry)
    {
        if (entry.InInterrupt)
        {
            // panic calls kgdb before it stops the other CPUs.
            cpu.Abandon(_layout.KgdbBreakpoint);
            return;
        }

        End(cpu);
    }

    private static void ClearStep(StageCpu cpu, TrapEntry entry)
    {
        ulong flags = cpu.ReadRegister(entry, RegisterNumber.Flags);
        cpu.WriteRegister(entry, RegisterNumber.Flags, flags & ~TrapFlag);
    }
}
