using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CMPXCHG, CMPXCHG8B, CMPXCHG16B (SDM vol. 2). Memory is written whether they
/// are equal or not; a register is not, so a 32-bit one then keeps its upper half.</summary>
internal static unsafe class CompareExchange
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Cmpxchg, &Single<byte>, &Single<ushort>, &Single<uint>, &Single<ulong>);
        table.Add(Mnemonic.Cmpxchg8b, &Pair8);
        table.Add(Mnemonic.Cmpxchg16b, &Pair16);
    }

    private static StepStatus Single<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out T old, out ulong linear))
        {
            return StepStatus.Fault;
        }

        T expected = Gpr.Read<T>(s, Gpr.Rax);
        T difference = expected - old;
        if (difference == T.Zero)
        {
            Operands.Commit0(cpu, op, linear, Operands.Register<T>(s, op->K1, op->R1));
        }
        else
        {
            if (op->K0 == OperandKind.Memory)
            {
                Operands.Commit0(cpu, op, linear, old);
            }

            Gpr.Write(s, Gpr.Rax, old);
        }

        s->FlagResult = LazyFlags.Result(difference);
        s->FlagAux = LazyFlags.AuxFromCarries(Carry.OfDifference(expected, old, difference));
        return StepStatus.Next;
    }

    private static StepStatus Pair8(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out ulong old, out ulong linear))
        {
            return StepStatus.Fault;
        }

        ulong expected = (s->Gpr[Gpr.Rdx] << 32) | (uint)s->Gpr[Gpr.Rax];
        bool equal = old == expected;
        Operands.Commit0(cpu, op, linear, equal ? (s->Gpr[Gpr.Rcx] << 32) | (uint)s->Gpr[Gpr.Rbx] : old);
        if (!equal)
        {
            s->Gpr[Gpr.Rax] = (uint)old;
            s->Gpr[Gpr.Rdx] = old >> 32;
        }

        SetZero(s, equal);
        return StepStatus.Next;
    }

    private static StepStatus Pair16(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Operands.Address(cpu, op, 16, true, out ulong linear))
        {
            return StepStatus.Fault;
        }

        bool stack = Operands.Stack(op);
        if ((linear & 15) != 0)
        {
            return cpu.GeneralProtection();
        }

        if (!cpu.Mmu.PrepareStore(linear, 16, stack) || !cpu.Mmu.Load(linear, stack, out UInt128 old))
        {
            return StepStatus.Fault;
        }

        var expected = new UInt128(s->Gpr[Gpr.Rdx], s->Gpr[Gpr.Rax]);
        bool equal = old == expected;
        cpu.Mmu.Store(linear, stack, equal ? new UInt128(s->Gpr[Gpr.Rcx], s->Gpr[Gpr.Rbx]) : old);
        if (!equal)
        {
            s->Gpr[Gpr.Rax] = (ulong)old;
            s->Gpr[Gpr.Rdx] = (ulong)(old >> 64);
        }

        SetZero(s, equal);
        return StepStatus.Next;
    }

    private static void SetZero(CpuState* s, bool zero)
    {
        ulong status = LazyFlags.ToStatus(s->FlagResult, s->FlagAux) & ~Flags.Zf;
        (s->FlagResult, s->FlagAux) = LazyFlags.FromStatus(zero ? status | Flags.Zf : status);
    }
}
