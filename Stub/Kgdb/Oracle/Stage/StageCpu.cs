using KgdbSim.Target.Cpu;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>One CPU of the stage: the simulated processor and the task it runs.</summary>
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

    /// <summary>The kernel's view of this CPU, once there is one.</summary>
    public HostedCpu? Hosted { get; set; }

    /// <summary>current's virtual DR6, which the kernel's view keeps for whatever task runs.</summary>
    public SharedCell<ulong>? VirtualDr6 { get; set; }

    /// <summary>current.</summary>
    public StageTask Current { get; private set; }

    /// <summary>Tasks that wait for this CPU. There is no preemption: each runs to its end.</summary>
    public Queue<StageTask> Waiting { get; } = new();

    public bool IsIdle => ReferenceEquals(Current, Idle);

    /// <summary>It is in its idle loop, and nothing has interrupted it there.</summary>
    public bool IsFree => IsIdle && InstructionPointer - StageMap.Idle < 8;

    public bool IsHalted => _core.State->Activity == ActivityState.Halted;

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

    /// <summary>Takes a frame that the processor has pushed back into its registers, so that these are what the exception found.</summary>
    public void UndoDelivery(bool hasErrorCode)
    {
        ulong frame = _core.State->Gpr[4] + (hasErrorCode ? 8ul : 0);
        _core.State->Rip = ReadFrame(frame, 0);
        _core.SetRflags(ReadFrame(frame, 2));
        _core.State->Gpr[4] = ReadFrame(frame, 3);
    }

    /// <summary>A switch to a task, or an interrupt in it, that begins with these registers.</summary>
    public void Begin(StageTask task, TaskStart start)
    {
        Switch(task);
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
        WriteWord(stack, start.IsPanic ? StageMap.PanicEnd : start.Caller);
        Go(start.Participants > 1 ? StageMap.Gate : start.InstructionPointer, stack, start.Flags);
    }

    /// <summary>The task is through, or was killed: the idle task runs.</summary>
    public void BecomeIdle()
    {
        Switch(Idle);
        Go(StageMap.Idle, StageMap.IdleStackTop(Number), 0x2);
    }

    /// <summary>Leaves what was interrupted for other kernel code, which is not to return.</summary>
    public void Abandon(ulong instructionPointer)
    {
        ulong stack = (_core.State->Gpr[4] & ~0xful) - 0x108;
        WriteWord(stack, StageMap.PanicEnd);
        Go(instructionPointer, stack, 0x2);
    }

    private void Switch(StageTask next)
    {
        if (VirtualDr6 is { } cell)
        {
            Current.VirtualDr6 = cell.Value;
            cell.Commit(next.VirtualDr6);
        }

        Current = next;
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

    private void WriteWord(ulong address, ulong value)
    {
        StageMap.ToPhysical(address, out ulong physical);
        _core.Memory.Write(physical, BitConverter.GetBytes(value));
    }

    private ulong ReadFrame(ulong frame, int word)
    {
        Span<byte> bytes = stackalloc byte[8];
        StageMap.ToPhysical(frame + ((ulong)word * 8), out ulong physical);
        _core.Memory.Read(physical, bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
