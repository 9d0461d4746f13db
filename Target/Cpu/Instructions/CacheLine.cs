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

    private static StepStatus Flush(CpuCore cpu, DecodedOp* op)
    {
        bool done = InExecuteOnly(cpu, op, out ulong linear)
            ? cpu.Mmu.Load(linear, false, out byte _)
            : Operands.LoadMemory(cpu, op, out byte _);
        return done ? StepStatus.Next : StepStatus.Fault;
    }

    /// <summary>The line is in a code segment that cannot be read, which is no obstacle (SDM vol. 2, "CLFLUSH").</summary>
    private static bool InExecuteOnly(CpuCore cpu, DecodedOp* op, out ulong linear)
    {
        const int codeAndReadable = 0b1010;
        const int code = 0b1000;
        linear = 0;
        if (op->Segment == SegmentIndex.Flat || Operands.Is64(op))
        {
            return false;
        }

        SegmentRegister* segment = CpuState.Segment(cpu.State, op->Segment);
        ulong offset = Operands.Offset(cpu.State, op);
        linear = (uint)(segment->Base + offset);
        return segment->Present && (segment->Type & codeAndReadable) == code && offset <= segment->Limit;
    }

    private static StepStatus Movnti32(CpuCore cpu, DecodedOp* op) =>
        Operands.StoreMemory(cpu, op, (uint)cpu.State->Gpr[op->R1]) ? StepStatus.Next : StepStatus.Fault;

    private static StepStatus Movnti64(CpuCore cpu, DecodedOp* op) =>
        Operands.StoreMemory(cpu, op, cpu.State->Gpr[op->R1]) ? StepStatus.Next : StepStatus.Fault;
}
