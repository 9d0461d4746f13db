using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>XCHG, XADD (SDM vol. 2).</summary>
internal static unsafe class Exchange
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Xchg, &Xchg<byte>, &Xchg<ushort>, &Xchg<uint>, &Xchg<ulong>);
        table.Add(Mnemonic.Xadd, &Xadd<byte>, &Xadd<ushort>, &Xadd<uint>, &Xadd<ulong>);
    }

    private static StepStatus Xchg<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        T b = Operands.Register<T>(s, op->K1, op->R1);
        Operands.Commit0(cpu, op, linear, b);
        Operands.SetRegister(s, op->K1, op->R1, a);
        return StepStatus.Next;
    }

    private static StepStatus Xadd<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        T b = Operands.Register<T>(s, op->K1, op->R1);
        T sum = a + b;

        // One register as both operands: the sum is what stays.
        Operands.SetRegister(s, op->K1, op->R1, a);
        Operands.Commit0(cpu, op, linear, sum);
        s->FlagResult = LazyFlags.Result(sum);
        s->FlagAux = LazyFlags.AuxFromCarries(Carry.OfSum(a, b, sum));
        return StepStatus.Next;
    }
}
