using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Machine;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>One CPU of the stage: the simulated processor, the task it runs, and the exception it is in.</summary>
internal sealed unsafe class StageCpu
{
    private readonly CpuCore _core;

    public StageCpu(Vcpu processor, StageTask idle)
    {
        Processor = processor;
        _core = processor.Core;
        Idle = idle;
        Current = idle;
    }

    public int Number => _core.Id;

    public Vcpu Processor { get; }

    public StageTask Idle { get; }

    /// <summary>current.</summary>
    public StageTask Current { get; private set; }

    /// <summary>Tasks that wait for this CPU. There is no preemption: each runs to its end.</summary>
    public Queue<StageTask> Waiting { get; } = new();

    /// <summary>The exception being handled, or null while guest code runs.</summary>
    public TrapEntry? Trap { get; set; }

    public bool IsIdle => ReferenceEquals(Current, Idle);

    /// <summary>It is in its idle loop, and nothing has interrupted it there.</summary>
    public bool IsFree => IsIdle && InstructionPointer - StageMap.Idle < 8;

    public ulong InstructionPointer
    {
        get => _core.State->Rip;
        set => _core.State->Rip = value;
    }

    public ulong GetDebugRegister(int number) => number switch
    {
        < 4 => _core.State->Dr[number],
        6 => _core.State->Dr6,
        _ => _core.State->Dr7,
    };

    /// <summary>MOV to DRn.</summary>
    public void SetDebugRegister(int number, ulong value)
    {
        switch (number)
        {
            case < 4:
                _core.State->Dr[number] = value;
                break;
            case 6:
                _core.State->Dr6 = value;
                return;
            default:
                _core.State->Dr7 = value | 0x400;
                break;
        }

        _core.Debug.RegistersChanged();
    }

    /// <summary>DR6 bits of execution breakpoints armed at an address.</summary>
    public ulong ExecuteHits(ulong address) => _core.Debug.ExecuteHits(address);

    public void RaiseNmi()
    {
        Processor.Apic.State->NmiPending = true;
        _core.Attention = true;
    }

    /// <summary>An NMI that came to a CPU in kgdb already: its handler finds nothing to do.</summary>
    public void DropNmi() => Processor.Apic.State->NmiPending = false;

    /// <summary>A register of the interrupted code, by its number in the image.</summary>
    public ulong ReadRegister(TrapEntry entry, int register) => register switch
    {
        RegisterNumber.InstructionPointer => ReadFrame(entry, 0),
        RegisterNumber.CodeSegment => ReadFrame(entry, 1),
        RegisterNumber.Flags => ReadFrame(entry, 2),
        RegisterNumber.StackPointer => ReadFrame(entry, 3),
        RegisterNumber.StackSegment => ReadFrame(entry, 4),
        _ => _core.State->Gpr[ProcessorNumber(register)],
    };

    public void WriteRegister(TrapEntry entry, int register, ulong value)
    {
        int word = register switch
        {
            RegisterNumber.InstructionPointer => 0,
            RegisterNumber.CodeSegment => 1,
            RegisterNumber.Flags => 2,
            RegisterNumber.StackPointer => 3,
            RegisterNumber.StackSegment => 4,
            _ => -1,
        };
        if (word < 0)
        {
            _core.State->Gpr[ProcessorNumber(register)] = value;
            return;
        }

        StageMap.ToPhysical(entry.Frame + ((ulong)word * 8), out ulong physical);
        _core.Memory.Write(physical, BitConverter.GetBytes(value));
    }

    /// <summary>The machine stopped at a vector's code: takes the frame that the CPU has pushed.</summary>
    public TrapEntry BeginTrap(byte vector, bool hasErrorCode)
    {
        Trap = new TrapEntry(vector, _core.State->Gpr[4] + (hasErrorCode ? 8ul : 0));
        return Trap;
    }

    /// <summary>IRETQ: the guest code goes on with what the frame says now.</summary>
    public void EndTrap()
    {
        _core.State->Gpr[4] = Trap!.Frame;
        _core.State->Rip = StageMap.InterruptReturn;
        Trap = null;
    }

    /// <summary>A switch to a task, or an interrupt in it, that begins with these registers.</summary>
    public void Begin(StageTask task, TaskStart start)
    {
        Current = task;
        CpuState* s = _core.State;
        for (int i = 0; i < 16; i++)
        {
            s->Gpr[i] = 0;
        }

        s->Gpr[0] = start.Rax;
        s->Gpr[3] = start.Rbx;
        s->Gpr[1] = start.Rcx;
        s->Gpr[2] = start.Rdx;
        s->Gpr[6] = start.Rsi;
        s->Gpr[7] = start.Rdi;
        ulong stack = StageMap.TaskStackTop(task.Pid) - 8;
        StageMap.ToPhysical(stack, out ulong physical);
        _core.Memory.Write(physical, BitConverter.GetBytes(start.IsPanic ? StageMap.PanicEnd : StageMap.TaskReturn));
        Go(start.Participants > 1 ? StageMap.Gate : start.InstructionPointer, stack, start.Flags);
    }

    /// <summary>The task is through, or was killed: the idle task runs.</summary>
    public void BecomeIdle()
    {
        Trap = null;
        Current = Idle;
        Go(StageMap.Idle, StageMap.IdleStackTop(Number), 0x2);
    }

    /// <summary>Leaves the exception for other kernel code, which is not to return.</summary>
    public void Abandon(ulong instructionPointer)
    {
        ulong stack = (Trap!.Frame & ~0xful) - 0x108;
        StageMap.ToPhysical(stack, out ulong physical);
        _core.Memory.Write(physical, BitConverter.GetBytes(StageMap.PanicEnd));
        Trap = null;
        Go(instructionPointer, stack, 0x2);
    }

    private void Go(ulong instructionPointer, ulong stack, ulong flags)
    {
        CpuState* s = _core.State;
        s->Gpr[4] = stack;
        s->Rip = instructionPointer;
        s->Activity = ActivityState.Running;
        s->StiShadow = s->MovSsShadow = s->Repeating = s->NmiBlocked = 0;
        _core.SetRflags(flags);
        _core.Attention = true;
    }

    private ulong ReadFrame(TrapEntry entry, int word)
    {
        Span<byte> bytes = stackalloc byte[8];
        StageMap.ToPhysical(entry.Frame + ((ulong)word * 8), out ulong physical);
        _core.Memory.Read(physical, bytes);
        return BitConverter.ToUInt64(bytes);
    }

    // gdb counts rax rbx rcx rdx rsi rdi rbp rsp, the processor rax rcx rdx rbx rsp rbp rsi rdi.
    private static int ProcessorNumber(int register) => register switch
    {
        1 => 3,
        2 => 1,
        3 => 2,
        4 => 6,
        5 => 7,
        6 => 5,
        7 => 4,
        _ => register,
    };
}
