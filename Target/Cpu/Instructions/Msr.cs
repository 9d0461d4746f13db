using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>RDMSR and WRMSR (SDM vol. 2); the registers themselves are in <see cref="ModelSpecific"/>.</summary>
internal static unsafe class Msr
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Rdmsr, &Read);
        table.Add(Mnemonic.Wrmsr, &Write);
    }

    private static StepStatus Read(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        if (!ModelSpecific.Read(cpu, (uint)s->Gpr[Gpr.Rcx], out ulong value))
        {
            return cpu.GeneralProtection();
        }

        s->Gpr[Gpr.Rax] = (uint)value;
        s->Gpr[Gpr.Rdx] = value >> 32;
        return StepStatus.Next;
    }

    private static StepStatus Write(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        ulong value = (s->Gpr[Gpr.Rdx] << 32) | (uint)s->Gpr[Gpr.Rax];
        return ModelSpecific.Write(cpu, (uint)s->Gpr[Gpr.Rcx], value) ? StepStatus.Next : cpu.GeneralProtection();
    }
}
