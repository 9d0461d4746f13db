using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>LOOP LOOPE LOOPNE, JCXZ JECXZ JRCXZ (SDM vol. 2): the counter has the address size, the target the operand size.</summary>
internal static unsafe class Loop
{
    public static void Register(InstructionTable table)
    {
        Counter16(table);
        Counter32(table);
        Counter64(table);
    }

    private static void Counter16(InstructionTable table)
    {
        table.Add(Code.Loop_rel8_16_CX, &LoopAlways<ushort>);
        table.Add(Code.Loop_rel8_32_CX, &LoopAlways<ushort>);
        table.Add(Code.Loope_rel8_16_CX, &LoopIf<ushort, Equal>);
        table.Add(Code.Loope_rel8_32_CX, &LoopIf<ushort, Equal>);
        table.Add(Code.Loopne_rel8_16_CX, &LoopIf<ushort, NotEqual>);
        table.Add(Code.Loopne_rel8_32_CX, &LoopIf<ushort, NotEqual>);
        table.Add(Code.Jcxz_rel8_16, &JumpIfZero<ushort>);
        table.Add(Code.Jcxz_rel8_32, &JumpIfZero<ushort>);
    }

    private static void Counter32(InstructionTable table)
    {
        table.Add(Code.Loop_rel8_16_ECX, &LoopAlways<uint>);
        table.Add(Code.Loop_rel8_32_ECX, &LoopAlways<uint>);
        table.Add(Code.Loop_rel8_64_ECX, &LoopAlways<uint>);
        table.Add(Code.Loope_rel8_16_ECX, &LoopIf<uint, Equal>);
        table.Add(Code.Loope_rel8_32_ECX, &LoopIf<uint, Equal>);
        table.Add(Code.Loope_rel8_64_ECX, &LoopIf<uint, Equal>);
        table.Add(Code.Loopne_rel8_16_ECX, &LoopIf<uint, NotEqual>);
        table.Add(Code.Loopne_rel8_32_ECX, &LoopIf<uint, NotEqual>);
        table.Add(Code.Loopne_rel8_64_ECX, &LoopIf<uint, NotEqual>);
        table.Add(Code.Jecxz_rel8_16, &JumpIfZero<uint>);
        table.Add(Code.Jecxz_rel8_32, &JumpIfZero<uint>);
        table.Add(Code.Jecxz_rel8_64, &JumpIfZero<uint>);
    }

    private static void Counter64(InstructionTable table)
    {
        table.Add(Code.Loop_rel8_16_RCX, &LoopAlways<ulong>);
        table.Add(Code.Loop_rel8_64_RCX, &LoopAlways<ulong>);
        table.Add(Code.Loope_rel8_16_RCX, &LoopIf<ulong, Equal>);
        table.Add(Code.Loope_rel8_64_RCX, &LoopIf<ulong, Equal>);
        table.Add(Code.Loopne_rel8_16_RCX, &LoopIf<ulong, NotEqual>);
        table.Add(Code.Loopne_rel8_64_RCX, &LoopIf<ulong, NotEqual>);
        table.Add(Code.Jrcxz_rel8_16, &JumpIfZero<ulong>);
        table.Add(Code.Jrcxz_rel8_64, &JumpIfZero<ulong>);
    }

    private static StepStatus LoopAlways<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        T count = Gpr.Read<T>(cpu.State, Gpr.Rcx) - T.One;
        return Count(cpu, op, count, count != T.Zero);
    }

    private static StepStatus LoopIf<T, TCondition>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
        where TCondition : struct, ICondition
    {
        CpuState* s = cpu.State;
        T count = Gpr.Read<T>(s, Gpr.Rcx) - T.One;
        return Count(cpu, op, count, count != T.Zero && TCondition.Holds(s->FlagResult, s->FlagAux));
    }

    private static StepStatus Count<T>(CpuCore cpu, DecodedOp* op, T count, bool taken)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (taken && !Branch.Reaches(cpu, op, op->Imm))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, Gpr.Rcx, count);
        return taken ? Branch.To(cpu, op, op->Imm) : StepStatus.Next;
    }

    private static StepStatus JumpIfZero<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Gpr.Read<T>(cpu.State, Gpr.Rcx) == T.Zero ? Branch.To(cpu, op, op->Imm) : StepStatus.Next;
}
