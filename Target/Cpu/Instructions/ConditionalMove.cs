using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// CMOVcc (SDM vol. 2, "CMOVcc"): the source is read, with its faults and watches, whatever the condition; a 32-bit
/// destination loses its upper half even if nothing is moved.
/// </summary>
internal static unsafe class ConditionalMove
{
    public static void Register(InstructionTable table)
    {
        Rows<Overflow>(table, Mnemonic.Cmovo);
        Rows<NotOverflow>(table, Mnemonic.Cmovno);
        Rows<Below>(table, Mnemonic.Cmovb);
        Rows<NotBelow>(table, Mnemonic.Cmovae);
        Rows<Equal>(table, Mnemonic.Cmove);
        Rows<NotEqual>(table, Mnemonic.Cmovne);
        Rows<BelowOrEqual>(table, Mnemonic.Cmovbe);
        Rows<Above>(table, Mnemonic.Cmova);
        Rows<Negative>(table, Mnemonic.Cmovs);
        Rows<NotNegative>(table, Mnemonic.Cmovns);
        Rows<ParityEven>(table, Mnemonic.Cmovp);
        Rows<ParityOdd>(table, Mnemonic.Cmovnp);
        Rows<Less>(table, Mnemonic.Cmovl);
        Rows<NotLess>(table, Mnemonic.Cmovge);
        Rows<LessOrEqual>(table, Mnemonic.Cmovle);
        Rows<Greater>(table, Mnemonic.Cmovg);
    }

    private static void Rows<TCondition>(InstructionTable table, Mnemonic mnemonic)
        where TCondition : struct, ICondition =>
        table.Add(mnemonic, null, &Move<TCondition, ushort>, &Move<TCondition, uint>, &Move<TCondition, ulong>);

    private static StepStatus Move<TCondition, T>(CpuCore cpu, DecodedOp* op)
        where TCondition : struct, ICondition
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read1(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(s, op->R0, TCondition.Holds(s->FlagResult, s->FlagAux) ? value : Gpr.Read<T>(s, op->R0));
        return StepStatus.Next;
    }
}
