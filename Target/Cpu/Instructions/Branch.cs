using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Jcc and near JMP (SDM vol. 2, "Jcc", "JMP").</summary>
internal static unsafe class Branch
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Jo, &JumpIf<Overflow>);
        table.Add(Mnemonic.Jno, &JumpIf<NotOverflow>);
        table.Add(Mnemonic.Jb, &JumpIf<Below>);
        table.Add(Mnemonic.Jae, &JumpIf<NotBelow>);
        table.Add(Mnemonic.Je, &JumpIf<Equal>);
        table.Add(Mnemonic.Jne, &JumpIf<NotEqual>);
        table.Add(Mnemonic.Jbe, &JumpIf<BelowOrEqual>);
        table.Add(Mnemonic.Ja, &JumpIf<Above>);
        table.Add(Mnemonic.Js, &JumpIf<Negative>);
        table.Add(Mnemonic.Jns, &JumpIf<NotNegative>);
        table.Add(Mnemonic.Jp, &JumpIf<ParityEven>);
        table.Add(Mnemonic.Jnp, &JumpIf<ParityOdd>);
        table.Add(Mnemonic.Jl, &JumpIf<Less>);
        table.Add(Mnemonic.Jge, &JumpIf<NotLess>);
        table.Add(Mnemonic.Jle, &JumpIf<LessOrEqual>);
        table.Add(Mnemonic.Jg, &JumpIf<Greater>);
        table.Add(Mnemonic.Jmp, &Undefined, &Jump<ushort>, &Jump<uint>, &Jump<ulong>);
    }

    /// <summary>Where a near branch leads: RIP cut to the operand size.</summary>
    public static StepStatus To<T>(CpuCore cpu, T target)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        cpu.State->Rip = ulong.CreateTruncating(target);
        return StepStatus.Branch;
    }

    private static StepStatus Undefined(CpuCore cpu, DecodedOp* op) => cpu.InvalidOpcode();

    private static StepStatus JumpIf<TCondition>(CpuCore cpu, DecodedOp* op)
        where TCondition : struct, ICondition
    {
        if (!TCondition.Holds(cpu.State->FlagResult, cpu.State->FlagAux))
        {
            return StepStatus.Next;
        }

        cpu.State->Rip = op->Imm;
        return StepStatus.Branch;
    }

    private static StepStatus Jump<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (op->K0 == OperandKind.Branch)
        {
            cpu.State->Rip = op->Imm;
            return StepStatus.Branch;
        }

        return Operands.Read0(cpu, op, out T target) ? To(cpu, target) : StepStatus.Fault;
    }
}
