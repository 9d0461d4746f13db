using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>SETcc (SDM vol. 2, "SETcc").</summary>
internal static unsafe class ConditionalSet
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Seto, &Set<Overflow>);
        table.Add(Mnemonic.Setno, &Set<NotOverflow>);
        table.Add(Mnemonic.Setb, &Set<Below>);
        table.Add(Mnemonic.Setae, &Set<NotBelow>);
        table.Add(Mnemonic.Sete, &Set<Equal>);
        table.Add(Mnemonic.Setne, &Set<NotEqual>);
        table.Add(Mnemonic.Setbe, &Set<BelowOrEqual>);
        table.Add(Mnemonic.Seta, &Set<Above>);
        table.Add(Mnemonic.Sets, &Set<Negative>);
        table.Add(Mnemonic.Setns, &Set<NotNegative>);
        table.Add(Mnemonic.Setp, &Set<ParityEven>);
        table.Add(Mnemonic.Setnp, &Set<ParityOdd>);
        table.Add(Mnemonic.Setl, &Set<Less>);
        table.Add(Mnemonic.Setge, &Set<NotLess>);
        table.Add(Mnemonic.Setle, &Set<LessOrEqual>);
        table.Add(Mnemonic.Setg, &Set<Greater>);
    }

    private static StepStatus Set<TCondition>(CpuCore cpu, DecodedOp* op)
        where TCondition : struct, ICondition
    {
        byte value = TCondition.Holds(cpu.State->FlagResult, cpu.State->FlagAux) ? (byte)1 : (byte)0;
        return Operands.Write0(cpu, op, value) ? StepStatus.Next : StepStatus.Fault;
    }
}
