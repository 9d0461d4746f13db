using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>XLAT (SDM vol. 2): AL indexes a table of bytes at rBX.</summary>
internal static unsafe class Translate
{
    public static void Register(InstructionTable table) => table.Add(Mnemonic.Xlatb, &Xlat);

    private static StepStatus Xlat(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        ulong offset = Operands.Wrap(op, s->Gpr[Gpr.Rbx] + Gpr.Read<byte>(s, Gpr.Rax));
        if (!Operands.Linear(cpu, op, offset, 1, false, out ulong linear) || !cpu.Mmu.Load(linear, false, out byte value))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(s, Gpr.Rax, value);
        return StepStatus.Next;
    }
}
