using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// CLFLUSH CLFLUSHOPT CLWB (SDM vol. 2): there is no cache; they fault, and are seen by watches, as a load of one byte.
/// MOVNTI: a store.
/// </summary>
internal static unsafe class CacheLine
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Clflush, &Flush);
        table.Add(Mnemonic.Clflushopt, &Flush);
        table.Add(Mnemonic.Clwb, &Flush);
        table.Add(Code.Movnti_m32_r32, &Movnti32);
        table.Add(Code.Movnti_m64_r64, &Movnti64);
    }

    private static StepStatus Flush(CpuCore cpu, DecodedOp* op) =>
        Operands.LoadMemory(cpu, op, out byte _) ? StepStatus.Next : StepStatus.Fault;

    private static StepStatus Movnti32(CpuCore cpu, DecodedOp* op) =>
        Operands.StoreMemory(cpu, op, (uint)cpu.State->Gpr[op->R1]) ? StepStatus.Next : StepStatus.Fault;

    private static StepStatus Movnti64(CpuCore cpu, DecodedOp* op) =>
        Operands.StoreMemory(cpu, op, cpu.State->Gpr[op->R1]) ? StepStatus.Next : StepStatus.Fault;
}
