using System.Buffers.Binary;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>BSWAP, MOVBE (SDM vol. 2). BSWAP of a 16-bit register, undefined, gives 0 as processors do.</summary>
internal static unsafe class ByteSwap
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Bswap, null, &Bswap16, &Bswap32, &Bswap64);
        table.Add(Mnemonic.Movbe, null, &Movbe16, &Movbe32, &Movbe64);
    }

    private static StepStatus Bswap16(CpuCore cpu, DecodedOp* op)
    {
        Gpr.Write(cpu.State, op->R0, (ushort)0);
        return StepStatus.Next;
    }

    private static StepStatus Bswap32(CpuCore cpu, DecodedOp* op)
    {
        Gpr.Write(cpu.State, op->R0, BinaryPrimitives.ReverseEndianness(Gpr.Read<uint>(cpu.State, op->R0)));
        return StepStatus.Next;
    }

    private static StepStatus Bswap64(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->Gpr[op->R0] = BinaryPrimitives.ReverseEndianness(cpu.State->Gpr[op->R0]);
        return StepStatus.Next;
    }

    private static StepStatus Movbe16(CpuCore cpu, DecodedOp* op) =>
        Operands.Read1(cpu, op, out ushort value) && Operands.Write0(cpu, op, BinaryPrimitives.ReverseEndianness(value))
            ? StepStatus.Next
            : StepStatus.Fault;

    private static StepStatus Movbe32(CpuCore cpu, DecodedOp* op) =>
        Operands.Read1(cpu, op, out uint value) && Operands.Write0(cpu, op, BinaryPrimitives.ReverseEndianness(value))
            ? StepStatus.Next
            : StepStatus.Fault;

    private static StepStatus Movbe64(CpuCore cpu, DecodedOp* op) =>
        Operands.Read1(cpu, op, out ulong value) && Operands.Write0(cpu, op, BinaryPrimitives.ReverseEndianness(value))
            ? StepStatus.Next
            : StepStatus.Fault;
}
