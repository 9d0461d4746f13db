using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>ANDN BEXTR BLSI BLSMSK BLSR (SDM vol. 2); LZCNT and TZCNT are with the bit scans. OF is always cleared.</summary>
internal static unsafe class Bmi1
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Andn, null, null, &Andn<uint>, &Andn<ulong>);
        table.Add(Mnemonic.Bextr, null, null, &Bextr<uint>, &Bextr<ulong>);
        table.Add(Mnemonic.Blsi, null, null, &Blsi<uint>, &Blsi<ulong>);
        table.Add(Mnemonic.Blsmsk, null, null, &Blsmsk<uint>, &Blsmsk<ulong>);
        table.Add(Mnemonic.Blsr, null, null, &Blsr<uint>, &Blsr<ulong>);
    }

    private static StepStatus Andn<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read2(cpu, op, out T source)
            ? Set(cpu.State, op->R0, ~Gpr.Read<T>(cpu.State, op->R1) & source, carry: false)
            : StepStatus.Fault;

    private static StepStatus Bextr<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        ulong control = ulong.CreateTruncating(Gpr.Read<T>(cpu.State, op->R2));
        int start = (int)(control & 0xFF);
        int length = (int)(control >> 8) & 0xFF;
        ulong value = start < 8 * sizeof(T) ? ulong.CreateTruncating(source) >> start : 0;
        if (length < 64)
        {
            value &= (1UL << length) - 1;
        }

        return Set(cpu.State, op->R0, T.CreateTruncating(value), carry: false);
    }

    private static StepStatus Blsi<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read1(cpu, op, out T source)
            ? Set(cpu.State, op->R0, source & (T.Zero - source), carry: source != T.Zero)
            : StepStatus.Fault;

    private static StepStatus Blsmsk<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read1(cpu, op, out T source)
            ? Set(cpu.State, op->R0, source ^ (source - T.One), carry: source == T.Zero)
            : StepStatus.Fault;

    private static StepStatus Blsr<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read1(cpu, op, out T source)
            ? Set(cpu.State, op->R0, source & (source - T.One), carry: source == T.Zero)
            : StepStatus.Fault;

    private static StepStatus Set<T>(CpuState* s, int register, T result, bool carry)
        where T : unmanaged, IBinaryInteger<T>
    {
        Gpr.Write(s, register, result);
        s->FlagResult = LazyFlags.Result(result);
        s->FlagAux = LazyFlags.Aux(carry ? 1UL : 0, 0, 0);
        return StepStatus.Next;
    }
}
