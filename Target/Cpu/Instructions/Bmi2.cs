using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>BZHI MULX PDEP PEXT RORX SARX SHLX SHRX (SDM vol. 2); of these only BZHI touches flags.</summary>
internal static unsafe class Bmi2
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Bzhi, null, null, &Bzhi<uint>, &Bzhi<ulong>);
        table.Add(Mnemonic.Mulx, null, null, &Mulx<uint>, &Mulx<ulong>);
        table.Add(Mnemonic.Pdep, null, null, &Pdep<uint>, &Pdep<ulong>);
        table.Add(Mnemonic.Pext, null, null, &Pext<uint>, &Pext<ulong>);
        table.Add(Mnemonic.Rorx, null, null, &Rorx<uint>, &Rorx<ulong>);
        table.Add(Mnemonic.Sarx, null, null, &Sarx<uint>, &Sarx<ulong>);
        table.Add(Mnemonic.Shlx, null, null, &Shlx<uint>, &Shlx<ulong>);
        table.Add(Mnemonic.Shrx, null, null, &Shrx<uint>, &Shrx<ulong>);
    }

    private static StepStatus Bzhi<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        int index = byte.CreateTruncating(Gpr.Read<T>(s, op->R2));
        bool all = index >= 8 * sizeof(T);
        T result = all ? source : source & ((T.One << index) - T.One);
        Gpr.Write(s, op->R0, result);
        s->FlagResult = LazyFlags.Result(result);
        s->FlagAux = LazyFlags.Aux(all ? 1UL : 0, 0, 0);
        return StepStatus.Next;
    }

    private static StepStatus Mulx<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read2(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        ulong a = ulong.CreateTruncating(Gpr.Read<T>(s, Gpr.Rdx));
        ulong high = Math.BigMul(a, ulong.CreateTruncating(source), out ulong low);

        // Both halves to one register: the upper half is what stays.
        Gpr.Write(s, op->R1, T.CreateTruncating(low));
        Gpr.Write(s, op->R0, T.CreateTruncating(sizeof(T) == 8 ? high : low >> 32));
        return StepStatus.Next;
    }

    private static StepStatus Pdep<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read2(cpu, op, out T mask))
        {
            return StepStatus.Fault;
        }

        ulong source = ulong.CreateTruncating(Gpr.Read<T>(cpu.State, op->R1));
        ulong result = 0;
        for (ulong rest = ulong.CreateTruncating(mask); rest != 0; rest &= rest - 1, source >>= 1)
        {
            result |= (source & 1) != 0 ? rest & (0 - rest) : 0;
        }

        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(result));
        return StepStatus.Next;
    }

    private static StepStatus Pext<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read2(cpu, op, out T mask))
        {
            return StepStatus.Fault;
        }

        ulong source = ulong.CreateTruncating(Gpr.Read<T>(cpu.State, op->R1));
        ulong result = 0;
        int position = 0;
        for (ulong rest = ulong.CreateTruncating(mask); rest != 0; rest &= rest - 1)
        {
            result |= ((source & rest & (0 - rest)) != 0 ? 1UL : 0) << position++;
        }

        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(result));
        return StepStatus.Next;
    }

    private static StepStatus Rorx<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, T.RotateRight(source, (int)op->Imm & (8 * sizeof(T) - 1)));
        return StepStatus.Next;
    }

    private static StepStatus Sarx<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        var extended = (long)LazyFlags.Result(source);
        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(extended >> Count<T>(cpu.State, op)));
        return StepStatus.Next;
    }

    private static StepStatus Shlx<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, source << Count<T>(cpu.State, op));
        return StepStatus.Next;
    }

    private static StepStatus Shrx<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, source >>> Count<T>(cpu.State, op));
        return StepStatus.Next;
    }

    private static int Count<T>(CpuState* s, DecodedOp* op)
        where T : unmanaged => (int)s->Gpr[op->R2] & (8 * sizeof(T) - 1);
}
