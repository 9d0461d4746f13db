using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CPUID (SDM vol. 2); what it tells is in <see cref="CpuidAnswer"/>.</summary>
internal static unsafe class Cpuid
{
    public static void Register(InstructionTable table) => table.Add(Mnemonic.Cpuid, &Query);

    private static StepStatus Query(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        CpuidAnswer answer = CpuidAnswer.For(cpu, (uint)s->Gpr[Gpr.Rax], (uint)s->Gpr[Gpr.Rcx]);
        s->Gpr[Gpr.Rax] = answer.Eax;
        s->Gpr[Gpr.Rbx] = answer.Ebx;
        s->Gpr[Gpr.Rcx] = answer.Ecx;
        s->Gpr[Gpr.Rdx] = answer.Edx;
        return StepStatus.Next;
    }
}
