using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MOV between registers, memory and immediates, MOVZX, MOVSX, MOVSXD, LEA (SDM vol. 2). MOV to and from
/// segment, control and debug registers is elsewhere.</summary>
internal static unsafe class Move
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Mov, &Mov<byte>, &Mov<ushort>, &Mov<uint>, &Mov<ulong>);
        table.Add(Mnemonic.Lea, null, &Lea<ushort>, &Lea<uint>, &Lea<ulong>);
        table.Add(Code.Movzx_r16_rm8, &Extend<byte, ushort>);
        table.Add(Code.Movzx_r32_rm8, &Extend<byte, uint>);
        table.Add(Code.Movzx_r64_rm8, &Extend<byte, ulong>);
        table.Add(Code.Movzx_r16_rm16, &Extend<ushort, ushort>);
        table.Add(Code.Movzx_r32_rm16, &Extend<ushort, uint>);
        table.Add(Code.Movzx_r64_rm16, &Extend<ushort, ulong>);
        table.Add(Code.Movsx_r16_rm8, &ExtendSigned<byte, sbyte, ushort>);
        table.Add(Code.Movsx_r32_rm8, &ExtendSigned<byte, sbyte, uint>);
        table.Add(Code.Movsx_r64_rm8, &ExtendSigned<byte, sbyte, ulong>);
        table.Add(Code.Movsx_r16_rm16, &ExtendSigned<ushort, short, ushort>);
        table.Add(Code.Movsx_r32_rm16, &ExtendSigned<ushort, short, uint>);
        table.Add(Code.Movsx_r64_rm16, &ExtendSigned<ushort, short, ulong>);
        table.Add(Code.Movsxd_r16_rm16, &ExtendSigned<ushort, short, ushort>);
        table.Add(Code.Movsxd_r32_rm32, &ExtendSigned<uint, int, uint>);
        table.Add(Code.Movsxd_r64_rm32, &ExtendSigned<uint, int, ulong>);
    }

    private static StepStatus Mov<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read1(cpu, op, out T value) && Operands.Write0(cpu, op, value) ? StepStatus.Next : StepStatus.Fault;

    private static StepStatus Lea<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(Operands.Offset(cpu.State, op)));
        return StepStatus.Next;
    }

    private static StepStatus Extend<TFrom, TTo>(CpuCore cpu, DecodedOp* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        if (!Operands.Read1(cpu, op, out TFrom value))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, TTo.CreateTruncating(value));
        return StepStatus.Next;
    }

    private static StepStatus ExtendSigned<TFrom, TSigned, TTo>(CpuCore cpu, DecodedOp* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TSigned : unmanaged, IBinaryInteger<TSigned>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        if (!Operands.Read1(cpu, op, out TFrom value))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, TTo.CreateTruncating(TSigned.CreateTruncating(value)));
        return StepStatus.Next;
    }
}
