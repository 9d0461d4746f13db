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

    /// <summary>
    /// A near branch may lead to the address: it is canonical, or within the code segment's limit. Otherwise #GP(0) is
    /// recorded, and the branch must not have changed anything (SDM vol. 2, "JMP", "CALL", "RET").
    /// </summary>
    public static bool Reaches<T>(CpuCore cpu, DecodedOp* op, T target)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        ulong address = ulong.CreateTruncating(target);
        if (Operands.Is64(op) ? cpu.Mmu.IsCanonical(address) : address <= cpu.State->Cs.Limit)
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }

    /// <summary>Where a near branch that nothing else is to be done for leads: RIP cut to the operand size.</summary>
    public static StepStatus To<T>(CpuCore cpu, DecodedOp* op, T target)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (!Reaches(cpu, op, target))
        {
            return StepStatus.Fault;
        }

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

        return To(cpu, op, op->Imm);
    }

    private static StepStatus Jump<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (op->K0 == OperandKind.Branch)
        {
            return To(cpu, op, op->Imm);
        }

        return Operands.Read0(cpu, op, out T target) ? To(cpu, op, target) : StepStatus.Fault;
    }
}
