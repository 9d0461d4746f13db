using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Near CALL and RET (SDM vol. 2). The far forms are in <c>FarTransfer</c>.</summary>
internal static unsafe class CallReturn
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Call, null, &Call<ushort>, &Call<uint>, &Call<ulong>);
        table.Add(Code.Retnw, &Ret<ushort>);
        table.Add(Code.Retnd, &Ret<uint>);
        table.Add(Code.Retnq, &Ret<ulong>);
        table.Add(Code.Retnw_imm16, &Ret<ushort>);
        table.Add(Code.Retnd_imm16, &Ret<uint>);
        table.Add(Code.Retnq_imm16, &Ret<ulong>);
    }

    private static StepStatus Call<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        T target = T.CreateTruncating(op->Imm);
        if (op->K0 != OperandKind.Branch && !Operands.Read0(cpu, op, out target))
        {
            return StepStatus.Fault;
        }

        return Branch.Reaches(cpu, op, target) && StackAccess.Push(cpu, Operands.Is64(op), T.CreateTruncating(op->NextRip))
            ? Branch.To(cpu, op, target)
            : StepStatus.Fault;
    }

    private static StepStatus Ret<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool mode64 = Operands.Is64(op);
        if (!StackAccess.Top(cpu, mode64, out T target) || !Branch.Reaches(cpu, op, target))
        {
            return StepStatus.Fault;
        }

        StackAccess.Release(cpu.State, mode64, sizeof(T) + (ushort)op->Imm);
        return Branch.To(cpu, op, target);
    }
}
