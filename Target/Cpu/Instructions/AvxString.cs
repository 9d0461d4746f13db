using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VPCMPESTRM and VPCMPISTRM: as their legacy forms, and YMM0's upper half is cleared.</summary>
internal static unsafe class AvxString
{
    public static StepStatus ExplicitMask(CpuCore cpu, DecodedOp* op) =>
        Cleared(cpu, SseStringForms.ExplicitMask(cpu, op));

    public static StepStatus ExplicitMask64(CpuCore cpu, DecodedOp* op) =>
        Cleared(cpu, SseStringForms.ExplicitMask64(cpu, op));

    public static StepStatus ImplicitMask(CpuCore cpu, DecodedOp* op) =>
        Cleared(cpu, SseStringForms.ImplicitMask(cpu, op));

    private static StepStatus Cleared(CpuCore cpu, StepStatus status)
    {
        if (status == StepStatus.Next)
        {
            SseAccess.Xmm(cpu.State, 0)[1] = default;
        }

        return status;
    }
}
