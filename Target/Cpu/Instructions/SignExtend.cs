using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CBW CWDE CDQE: the accumulator's lower half into its whole. CWD CDQ CQO: its sign into rDX (SDM vol. 2).</summary>
internal static unsafe class SignExtend
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Cbw, &Cbw);
        table.Add(Mnemonic.Cwde, &Cwde);
        table.Add(Mnemonic.Cdqe, &Cdqe);
        table.Add(Mnemonic.Cwd, &Cwd);
        table.Add(Mnemonic.Cdq, &Cdq);
        table.Add(Mnemonic.Cqo, &Cqo);
    }

    private static StepStatus Cbw(CpuCore cpu, DecodedOp* op)
    {
        Gpr.Write(cpu.State, Gpr.Rax, (ushort)(sbyte)cpu.State->Gpr[Gpr.Rax]);
        return StepStatus.Next;
    }

    private static StepStatus Cwde(CpuCore cpu, DecodedOp* op)
    {
        Gpr.Write(cpu.State, Gpr.Rax, (uint)(short)cpu.State->Gpr[Gpr.Rax]);
        return StepStatus.Next;
    }

    private static StepStatus Cdqe(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->Gpr[Gpr.Rax] = (ulong)(int)cpu.State->Gpr[Gpr.Rax];
        return StepStatus.Next;
    }

    private static StepStatus Cwd(CpuCore cpu, DecodedOp* op)
    {
        Gpr.Write(cpu.State, Gpr.Rdx, (ushort)((short)cpu.State->Gpr[Gpr.Rax] >> 15));
        return StepStatus.Next;
    }

    private static StepStatus Cdq(CpuCore cpu, DecodedOp* op)
    {
        Gpr.Write(cpu.State, Gpr.Rdx, (uint)((int)cpu.State->Gpr[Gpr.Rax] >> 31));
        return StepStatus.Next;
    }

    private static StepStatus Cqo(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->Gpr[Gpr.Rdx] = (ulong)((long)cpu.State->Gpr[Gpr.Rax] >> 63);
        return StepStatus.Next;
    }
}
