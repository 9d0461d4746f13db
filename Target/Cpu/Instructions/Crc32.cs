using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// CRC32: folds an operand into a CRC with the polynomial 11EDC6F41h, bit-reflected (SDM vol. 2A). Only the low 32 bits
/// of the destination go in, and the result is zero-extended, also with REX.W. No flags change.
/// </summary>
internal static class Crc32Accumulate
{
    public static uint Byte(uint crc, byte data) => BitOperations.Crc32C(crc, data);

    public static uint Word(uint crc, ushort data) => BitOperations.Crc32C(crc, data);

    public static uint Doubleword(uint crc, uint data) => BitOperations.Crc32C(crc, data);

    public static uint Quadword(uint crc, ulong data) => BitOperations.Crc32C(crc, data);
}

/// <summary>CRC32's operands; it needs neither CR4.OSFXSR nor a clear CR0.TS.</summary>
internal static unsafe class Crc32Forms
{
    public static StepStatus Byte(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read1(cpu, op, out byte data))
        {
            return StepStatus.Fault;
        }

        return Write(cpu, op, Crc32Accumulate.Byte((uint)cpu.State->Gpr[op->R0], data));
    }

    public static StepStatus Word(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read1(cpu, op, out ushort data))
        {
            return StepStatus.Fault;
        }

        return Write(cpu, op, Crc32Accumulate.Word((uint)cpu.State->Gpr[op->R0], data));
    }

    public static StepStatus Doubleword(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read1(cpu, op, out uint data))
        {
            return StepStatus.Fault;
        }

        return Write(cpu, op, Crc32Accumulate.Doubleword((uint)cpu.State->Gpr[op->R0], data));
    }

    public static StepStatus Quadword(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read1(cpu, op, out ulong data))
        {
            return StepStatus.Fault;
        }

        return Write(cpu, op, Crc32Accumulate.Quadword((uint)cpu.State->Gpr[op->R0], data));
    }

    /// <summary>The rows of this family.</summary>
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Crc32_r32_rm8, &Byte);
        table.Add(Code.Crc32_r64_rm8, &Byte);
        table.Add(Code.Crc32_r32_rm16, &Word);
        table.Add(Code.Crc32_r32_rm32, &Doubleword);
        table.Add(Code.Crc32_r64_rm64, &Quadword);
    }

    private static StepStatus Write(CpuCore cpu, DecodedOp* op, uint crc)
    {
        Gpr.Write(cpu.State, op->R0, crc);
        return StepStatus.Next;
    }
}
