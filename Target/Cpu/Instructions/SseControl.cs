using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>LDMXCSR and STMXCSR.</summary>
internal static unsafe class SseControl
{
    /// <summary>MXCSR bits that exist; FXSAVE reports them as MXCSR_MASK (SDM vol. 1, 11.6.6).</summary>
    public const uint MxcsrMask = 0xFFFF;

    /// <summary>MXCSR after reset and in the initial state of the SSE component.</summary>
    public const uint MxcsrDefault = 0x1F80;

    /// <summary>LDMXCSR: #GP(0) for a reserved bit.</summary>
    public static StepStatus Load(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !Operands.LoadMemory(cpu, op, out uint value))
        {
            return StepStatus.Fault;
        }

        if ((value & ~MxcsrMask) != 0)
        {
            return cpu.GeneralProtection();
        }

        cpu.State->Mxcsr = value;
        return StepStatus.Next;
    }

    /// <summary>STMXCSR.</summary>
    public static StepStatus Store(CpuCore cpu, DecodedOp* op) =>
        SseAccess.Enabled(cpu) && Operands.StoreMemory(cpu, op, cpu.State->Mxcsr)
            ? StepStatus.Next
            : StepStatus.Fault;
}
