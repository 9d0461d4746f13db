using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Embedding;

/// <summary>What a processor is doing (SDM vol. 3, 25.4.2 "activity state").</summary>
public enum CpuStatus
{
    /// <summary>It executes instructions.</summary>
    Running,

    /// <summary>After HLT: until an interrupt.</summary>
    Halted,

    /// <summary>After INIT: until a start-up IPI.</summary>
    WaitingForSipi,

    /// <summary>After a triple fault.</summary>
    Shutdown,
}

/// <summary>One processor's registers, to read and, between runs, to write.</summary>
public readonly unsafe struct CpuView
{
    private readonly CpuCore _core;

    internal CpuView(CpuCore core) => _core = core;

    /// <summary>Its number, from 0.</summary>
    public int Number => _core.Id;

    /// <summary>What it is doing.</summary>
    public CpuStatus Status => (CpuStatus)_core.State->Activity;

    /// <summary>Instruction pointer.</summary>
    public ulong Rip
    {
        get => _core.State->Rip;
        set => _core.State->Rip = value;
    }

    /// <summary>Flags register; writing it has the effects that loading it in a task would have.</summary>
    public ulong Rflags
    {
        get => _core.State->Rflags;
        set => _core.SetRflags(value);
    }

    /// <summary>A general register by its encoding: RAX RCX RDX RBX RSP RBP RSI RDI R8..R15 are 0..15.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such register.</exception>
    public ulong this[int register]
    {
        get => _core.State->Gpr[Check(register)];
        set => _core.State->Gpr[Check(register)] = value;
    }

    /// <summary>RAX.</summary>
    public ulong Rax => _core.State->Gpr[Gpr.Rax];

    /// <summary>RCX.</summary>
    public ulong Rcx => _core.State->Gpr[Gpr.Rcx];

    /// <summary>RDX.</summary>
    public ulong Rdx => _core.State->Gpr[Gpr.Rdx];

    /// <summary>RBX.</summary>
    public ulong Rbx => _core.State->Gpr[Gpr.Rbx];

    /// <summary>RSP.</summary>
    public ulong Rsp => _core.State->Gpr[Gpr.Rsp];

    /// <summary>DR6: what the last debug exception was for.</summary>
    public ulong Dr6 => _core.GuestDebugRegisters?.Read(6) ?? _core.State->Dr6;

    /// <summary>DR7: which debug registers are armed, and how; under a modelled kernel by the guest, as for the other debug registers.</summary>
    public ulong Dr7 => _core.GuestDebugRegisters?.Read(7) ?? _core.State->Dr7;

    /// <summary>CR2: the address of the last page fault.</summary>
    public ulong Cr2 => _core.State->Cr2;

    /// <summary>DR0..DR3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such register.</exception>
    public ulong Dr(int register)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(register);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(register, 3);
        return _core.GuestDebugRegisters?.Read(register) ?? _core.State->Dr[register];
    }

    private static int Check(int register)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(register);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(register, 15);
        return register;
    }
}
