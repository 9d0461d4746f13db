using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>LDMXCSR and STMXCSR.</summary>
internal static unsafe class SseControl
{
    /// <summary>MXCSR.MM, AMD only: load-and-compute instructions need no alignment (APM vol. 1, 4.2.2).</summary>
    public const uint MisalignedMask = 1u << 17;

    /// <summary>MXCSR after reset and in the initial state of the SSE component.</summary>
    public const uint MxcsrDefault = 0x1F80;

    /// <summary>MXCSR bits that exist; FXSAVE reports them as MXCSR_MASK (SDM vol. 1, 11.6.6).</summary>
    public static uint MxcsrMask(CpuModel model) =>
        model.Vendor == CpuVendor.Amd ? 0xFFFF | MisalignedMask : 0xFFFF;

    /// <summary>LDMXCSR: #GP(0) for a reserved bit.</summary>
    public static StepStatus Load(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op) || !Operands.LoadMemory(cpu, op, out uint value))
        {
            return StepStatus.Fault;
        }

        if ((value & ~MxcsrMask(cpu.Model)) != 0)
        {
            return cpu.GeneralProtection();
        }

        cpu.State->Mxcsr = value;
        return StepStatus.Next;
    }

    /// <summary>STMXCSR.</summary>
    public static StepStatus Store(CpuCore cpu, DecodedOp* op) =>
        SseAccess.Enabled(cpu, op) && Operands.StoreMemory(cpu, op, cpu.State->Mxcsr)
            ? StepStatus.Next
            : StepStatus.Fault;
}
