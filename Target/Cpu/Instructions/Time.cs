using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// RDTSC, RDTSCP, RDPID, RDPMC (SDM vol. 2). Time is virtual: one tick of the counter is one step of the machine.
/// </summary>
internal static unsafe class Time
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Rdtsc, &Rdtsc);
        table.Add(Mnemonic.Rdtscp, &Rdtscp);
        table.Add(Mnemonic.Rdpid, &Rdpid);
        table.Add(Mnemonic.Rdpmc, &Rdpmc);
    }

    private static StepStatus Rdtsc(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (s->Cpl != 0 && (s->Cr4 & ControlBits.Cr4Tsd) != 0)
        {
            return cpu.GeneralProtection();
        }

        SetPair(s, cpu.Now + s->TscOffset);
        return StepStatus.Next;
    }

    private static StepStatus Rdtscp(CpuCore cpu, DecodedOp* op)
    {
        StepStatus status = Rdtsc(cpu, op);
        if (status == StepStatus.Next)
        {
            cpu.State->Gpr[Gpr.Rcx] = (uint)cpu.State->TscAux;
        }

        return status;
    }

    private static StepStatus Rdpid(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->Gpr[op->R0] = (uint)cpu.State->TscAux;
        return StepStatus.Next;
    }

    // Intel's models tell of no counters (CPUID 0AH is all zero), so ECX names none that there is. AMD's have four whatever
    // CPUID tells (APM vol. 2, 13.2.1); their event selects take no event, so they stand at zero.
    private static StepStatus Rdpmc(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        uint counters = cpu.Model.Vendor == CpuVendor.Amd ? 4u : 0;
        bool allowed = s->Cpl == 0 || (s->Cr4 & ControlBits.Cr4Pce) != 0;
        if (!allowed || (uint)s->Gpr[Gpr.Rcx] >= counters)
        {
            return cpu.GeneralProtection();
        }

        SetPair(s, 0);
        return StepStatus.Next;
    }

    private static void SetPair(CpuState* s, ulong value)
    {
        s->Gpr[Gpr.Rax] = (uint)value;
        s->Gpr[Gpr.Rdx] = value >> 32;
    }
}
