using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// BSF BSR LZCNT TZCNT POPCNT (SDM vol. 2). BSF and BSR of 0 leave the destination alone: undefined in the SDM, so
/// specified in the APM.
/// </summary>
internal static unsafe class BitScan
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Bsf, null, &Bsf<ushort>, &Bsf<uint>, &Bsf<ulong>);
        table.Add(Mnemonic.Bsr, null, &Bsr<ushort>, &Bsr<uint>, &Bsr<ulong>);
        table.Add(Mnemonic.Lzcnt, null, &Lzcnt<ushort>, &Lzcnt<uint>, &Lzcnt<ulong>);
        table.Add(Mnemonic.Tzcnt, null, &Tzcnt<ushort>, &Tzcnt<uint>, &Tzcnt<ulong>);
        table.Add(Mnemonic.Popcnt, null, &Popcnt<ushort>, &Popcnt<uint>, &Popcnt<ulong>);
    }

    private static StepStatus Bsf<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        return Scanned(cpu.State, op, source, T.TrailingZeroCount(source));
    }

    private static StepStatus Bsr<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        return Scanned(cpu.State, op, source, T.CreateTruncating(8 * sizeof(T) - 1) - T.LeadingZeroCount(source));
    }

    private static StepStatus Scanned<T>(CpuState* s, DecodedOp* op, T source, T position)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (source != T.Zero)
        {
            Gpr.Write(s, op->R0, position);
        }

        s->FlagResult = LazyFlags.Result(source);
        s->FlagAux = 0;
        return StepStatus.Next;
    }

    private static StepStatus Lzcnt<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read1(cpu, op, out T source)
            ? Counted(cpu.State, op, source, T.LeadingZeroCount(source))
            : StepStatus.Fault;

    private static StepStatus Tzcnt<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read1(cpu, op, out T source)
            ? Counted(cpu.State, op, source, T.TrailingZeroCount(source))
            : StepStatus.Fault;

    private static StepStatus Counted<T>(CpuState* s, DecodedOp* op, T source, T count)
        where T : unmanaged, IBinaryInteger<T>
    {
        Gpr.Write(s, op->R0, count);
        s->FlagResult = LazyFlags.Result(count);
        s->FlagAux = LazyFlags.Aux(source == T.Zero ? 1UL : 0, 0, 0);
        return StepStatus.Next;
    }

    private static StepStatus Popcnt<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        Gpr.Write(s, op->R0, T.PopCount(source));
        (s->FlagResult, s->FlagAux) = LazyFlags.FromStatus(source == T.Zero ? Flags.Zf : 0);
        return StepStatus.Next;
    }
}
