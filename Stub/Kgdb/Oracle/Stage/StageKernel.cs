using System.Buffers;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// The kernel of the stage: tasks that commands make, one at a time on each CPU, over the modelled trap path and debug core. It decides in
/// which order CPUs take steps.
/// </summary>
internal sealed class StageKernel : IFaithfulGuest
{
    /// <summary>Turns in which a CPU goes on before the roundup's NMI reaches it: enough to trap by itself if it is about to.</summary>
    private const int NmiLatencyTurns = 8;

    /// <summary>Turns that a CPU with a hit of its own leaves to the CPU that is being stepped.</summary>
    private const int StepPatienceTurns = 200;

    private readonly StageLayout _layout;
    private readonly StageMachine _machine;
    private readonly int[] _order;
    private readonly int[] _nmiTurns;
    private readonly bool _consoleThroughStub;
    private readonly TaskStarts _starts;
    private readonly IReadOnlyCollection<ulong> _foreign;
    private readonly TaskList _tasks = new();
    private readonly KernelSymbols _symbols;
    private readonly List<(int Cpu, ulong Control)> _controls = [];
    private int _gate;
    private int _stepTurns;

    /// <param name="order">Which CPU goes first where the recorded kernel leaves it open; a permutation of their numbers.</param>
    public StageKernel(Transcript transcript, StageLayout layout, StageMachine machine, int[] order, IBufferWriter<byte> wire)
    {
        TranscriptHeader header = transcript.Header;
        _layout = layout;
        _machine = machine;
        _order = order;
        _nmiTurns = new int[machine.Cpus.Count];
        _consoleThroughStub = header.ConsoleThroughStub;
        var callers = new CallerScan(transcript, layout);
        foreach (ulong address in callers.Foreign)
        {
            machine.PutJump(address, StageMap.TaskReturn);
        }

        _foreign = callers.Foreign;
        _starts = new TaskStarts(layout, callers);
        _symbols = new KernelSymbols(transcript, layout);
        Text = new StageText(machine, _symbols);
        var options = new FaithfulOptions
        {
            Defects = header.DropsHits ? KgdbDefects.Faithful61192 : KgdbDefects.Faithful61,
            HasKdb = header.HasKdb,
            IsVirtualized = header.IsTcg,
            UsedBreakpoints = header.IsTcg && !header.WaitsAtBoot,
        };
        Kgdb = new FaithfulKgdb(machine.Machine, options, this, wire);
        foreach (StageCpu cpu in machine.Cpus)
        {
            cpu.Hosted = Kgdb.Host.Cpus[cpu.Number];
            cpu.VirtualDr6 = Kgdb.Perf.VirtualDr6(cpu.Hosted.Cpu);
            cpu.Hosted.Cpu.DebugRegisters.Sink = new ControlHistory(cpu.Number, cpu.Hosted.DebugRegisters, _controls);
        }

        if (header.WaitsAtBoot)
        {
            machine.Cpus[0].Waiting.Enqueue(_tasks.MakeInit(new TaskStart { InstructionPointer = layout.KgdbBreakpoint }));
        }
    }

    public FaithfulKgdb Kgdb { get; }

    public TaskList TaskList => _tasks;

    /// <summary>It has panicked, and nobody will hear of it again.</summary>
    public bool IsDead { get; private set; }

    /// <summary>It was restarted by R0 or from the console.</summary>
    public bool IsRestarting { get; private set; }

    public KernelMemory Text { get; }

    public int CpuLimit => TaskList.CpuLimit;

    public IReadOnlyList<IKgdbTask> Tasks => _tasks.All;

    public IKgdbTask Current(int cpu) => _machine.Cpus[cpu].Current;

    public IKgdbTask IdleTask(int cpu) => cpu < _machine.Cpus.Count ? _machine.Cpus[cpu].Idle : _tasks.OfflineIdle(cpu);

    public IKgdbTask? FindTask(int pid) => _tasks.Find(pid);

    public int ReadMemory(ulong address, Span<byte> bytes) => _machine.Read(address, bytes);

    public int WriteMemory(ulong address, ReadOnlySpan<byte> bytes) => _machine.Write(address, bytes);

    public ulong? FindSymbol(string name) => _layout.Find(name);

    public bool IsFatal(ulong address) => _symbols.IsFatal(address);

    /// <summary>oops_end: the task dies, or all of them if this is no place to die in.</summary>
    public void Handled(HostedCpu cpu, PendingEvent trap, ulong status, TrapVerdict verdict)
    {
        if (verdict != TrapVerdict.Oops)
        {
            return;
        }

        StageCpu own = _machine.Cpus[cpu.Cpu.Number];
        if (trap.Vector == Vector.Breakpoint)
        {
            // An int3 counts as an NMI. panic calls kgdb before it stops the other CPUs.
            own.Abandon(_layout.KgdbBreakpoint);
        }
        else
        {
            End(own);
        }
    }

    public IReadOnlyList<(int Cpu, ulong Control)> TakeControlHistory()
    {
        (int, ulong)[] history = [.. _controls];
        _controls.Clear();
        return history;
    }

    /// <summary>The end of a panic.</summary>
    public void Stop() => IsDead = true;

    /// <summary>Nothing of it goes on; the machine boots again.</summary>
    public void Restart() => IsRestarting = true;

    /// <summary>A command line arrives while the kernel runs.</summary>
    public void Execute(ConsoleCommand command)
    {
        switch (command.Kind)
        {
            case "reboot":
                Kgdb.Stub.Exit(1);
                Restart();
                break;
            case "write" when _consoleThroughStub:
                Kgdb.Stub.WriteConsole(Encoding.Latin1.GetBytes(command.Name + "\n"));
                break;
            default:
                if (_starts.For(command) is { } start)
                {
                    StageTask task = _tasks.Make(command.Kind == "sysrq" ? "sysrq" : "runner", start);
                    _machine.Cpus[command.Cpu % _machine.Cpus.Count].Waiting.Enqueue(task);
                }

                break;
        }
    }

    /// <inheritdoc cref="IOracleStage.Wake"/>
    public bool Wake(string name, ulong address)
    {
        if (_tasks.Find(name) is not { } task || !_foreign.Contains(address))
        {
            return false;
        }

        // A worker is pinned to the CPU of its number.
        task.Start = new TaskStart { InstructionPointer = address };
        _machine.Cpus[(name[^1] - '0') % _machine.Cpus.Count].Waiting.Enqueue(task);
        return true;
    }

    /// <summary>BREAK and g on the serial line: its interrupt stops CPU 0 in whatever it does, if that is nothing.</summary>
    public void Interrupt()
    {
        if (_machine.Cpus[0] is { IsIdle: true, Hosted.IsInKernel: false } cpu)
        {
            cpu.Begin(cpu.Idle, new TaskStart { InstructionPointer = _layout.KgdbBreakpoint, Flags = 0x2 });
        }
    }

    /// <summary>Each CPU takes a turn.</summary>
    /// <param name="steps">Instructions of guest code in one.</param>
    /// <returns>Whether any of them did anything.</returns>
    public bool Turn(int steps)
    {
        bool moved = false;
        foreach (int number in _order)
        {
            moved |= !Kgdb.IsStopped && !IsDead && Turn(_machine.Cpus[number], steps);
        }

        return moved;
    }

    private bool Turn(StageCpu cpu, int steps)
    {
        HostedCpu hosted = cpu.Hosted!;
        bool inNmi = !hosted.Nmi.IsBetweenInterrupts;
        if (!inNmi && hosted.Task.State == RunnableState.Ready)
        {
            return LeavesStepAlone(cpu) || hosted.Task.Run(1) > 0;
        }

        if (hosted.Nmi.State == RunnableState.Ready && (inNmi || hosted.IsInKernel || cpu.IsHalted || ++_nmiTurns[cpu.Number] > NmiLatencyTurns))
        {
            _nmiTurns[cpu.Number] = 0;
            return hosted.Nmi.Run(1) > 0;
        }

        return !hosted.IsInKernel && RunGuest(cpu, steps);
    }

    /// <summary>
    /// A CPU with a hit gives the master lock back a hundred times while another is being stepped, which is as good as always enough for the
    /// step; but one whose breakpoint was removed has been seen to get through, which is how gdb loses hits.
    /// </summary>
    private bool LeavesStepAlone(StageCpu cpu)
    {
        KgdbCore core = Kgdb.Kgdb.Core;
        int stepping = core.SteppingCpu.Value;
        bool waits = stepping >= 0 && stepping != cpu.Number && core.MasterLock.Value == 0
            && (core.Cpus[cpu.Number].Roles.Value & ExceptionRoles.WantMaster) != 0 && !IsAtRemoved(cpu);
        _stepTurns = waits ? _stepTurns + 1 : 0;
        return waits && _stepTurns < StepPatienceTurns;
    }

    private bool IsAtRemoved(StageCpu cpu)
    {
        ulong address = cpu.InstructionPointer - 1;
        return Kgdb.Kgdb.Software.Entries.Any(entry => entry.Address == address && entry.State == BreakpointState.Removed);
    }

    private bool RunGuest(StageCpu cpu, int steps)
    {
        if (cpu.IsFree && cpu.Waiting.TryDequeue(out StageTask? next))
        {
            Begin(cpu, next);
        }

        switch (_machine.Run(cpu, steps))
        {
            case VcpuStop.Halted:
                return false;
            case VcpuStop.DebuggerBreakpoint:
                Arrive(cpu);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Guest code has come to a place where there is more to do than it says.</summary>
    private void Arrive(StageCpu cpu)
    {
        switch (cpu.InstructionPointer)
        {
            case StageMap.TaskEnd:
                End(cpu);
                break;
            case StageMap.PanicEnd:
                Stop();
                break;
            default:
                byte vector = (byte)((cpu.InstructionPointer - StageMap.Vectors) / 16);
                cpu.UndoDelivery(hasErrorCode: vector is 8 or (>= 10 and <= 14) or 17 or 21);
                Kgdb.Oops(cpu.Hosted!, vector);
                break;
        }
    }

    private void Begin(StageCpu cpu, StageTask task)
    {
        TaskStart start = task.Start!;
        if (start.ClearsGate)
        {
            _gate = 0;
        }

        cpu.Begin(task, start);
        if (start.Participants <= 1)
        {
            return;
        }

        _gate++;
        foreach (StageCpu other in _machine.Cpus)
        {
            OpenGate(other);
        }
    }

    // Guest code at the gate does nothing but look; whether it may go on is known here.
    private void OpenGate(StageCpu cpu)
    {
        if (cpu.Current.Start is { Participants: > 1 } start && _gate >= start.Participants && cpu.InstructionPointer - StageMap.Gate < 4)
        {
            cpu.InstructionPointer = start.InstructionPointer;
        }
    }

    private void End(StageCpu cpu)
    {
        _tasks.Remove(cpu.Current);
        cpu.BecomeIdle();
    }
}
