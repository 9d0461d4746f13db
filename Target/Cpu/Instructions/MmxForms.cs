using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// Loads, checks and write-back around the vector leaves: an MMX register is half a vector, so a leaf that works lane
/// by lane serves as it is, and one that joins or spreads its operands serves with both of them in one vector.
/// </summary>
internal static unsafe class MmxForms
{
    /// <summary>mm, mm/m64, lane by lane.</summary>
    public static StepStatus Lanes<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : struct, IVectorBinary
    {
        if (!MmxAccess.Begin(cpu) || !MmxAccess.Source(cpu, op, out ulong source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> left = MmxAccess.ToVector(MmxAccess.Read(cpu.State, op->R0));
        return Result(cpu, op, TLeaf.Apply(left, MmxAccess.ToVector(source)).AsUInt64()[0]);
    }

    /// <summary>
    /// mm, mm/m64, for leaves whose result has the first operand's lanes in its low half: packs and sums.
    /// </summary>
    public static StepStatus Joined<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : struct, IVectorBinary
    {
        if (!MmxAccess.Begin(cpu) || !MmxAccess.Source(cpu, op, out ulong source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> both = Vector128.Create(MmxAccess.Read(cpu.State, op->R0), source).AsByte();
        return Result(cpu, op, TLeaf.Apply(both, both).AsUInt64()[0]);
    }

    /// <summary>mm, mm/m32: the low halves, interleaved.</summary>
    public static StepStatus UnpackLow<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : struct, IVectorBinary
    {
        if (!MmxAccess.Begin(cpu) || !MmxAccess.SourceLow(cpu, op, out ulong source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> left = MmxAccess.ToVector(MmxAccess.Read(cpu.State, op->R0));
        return Result(cpu, op, TLeaf.Apply(left, MmxAccess.ToVector(source)).AsUInt64()[0]);
    }

    /// <summary>mm, mm/m64: the high halves, interleaved; the leaf is that of the low halves of a vector.</summary>
    public static StepStatus UnpackHigh<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : struct, IVectorBinary
    {
        if (!MmxAccess.Begin(cpu) || !MmxAccess.Source(cpu, op, out ulong source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> left = MmxAccess.ToVector(MmxAccess.Read(cpu.State, op->R0));
        return Result(cpu, op, TLeaf.Apply(left, MmxAccess.ToVector(source)).AsUInt64()[1]);
    }

    /// <summary>mm, mm/m64, the old destination not being an operand.</summary>
    public static StepStatus Unary<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : struct, IVectorUnary =>
        MmxAccess.Begin(cpu) && MmxAccess.Source(cpu, op, out ulong source)
            ? Result(cpu, op, TLeaf.Apply(MmxAccess.ToVector(source)).AsUInt64()[0])
            : StepStatus.Fault;

    /// <summary>mm, mm/m64: the count is the whole source.</summary>
    public static StepStatus Shift<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : struct, IVectorShift =>
        MmxAccess.Begin(cpu) && MmxAccess.Source(cpu, op, out ulong count)
            ? Shifted<TLeaf>(cpu, op, count)
            : StepStatus.Fault;

    /// <summary>mm, imm8.</summary>
    public static StepStatus ShiftImmediate<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : struct, IVectorShift =>
        MmxAccess.Begin(cpu) ? Shifted<TLeaf>(cpu, op, (byte)op->Imm) : StepStatus.Fault;

    /// <summary>PSHUFB: indices within eight bytes.</summary>
    public static StepStatus ShuffleBytes(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu) || !MmxAccess.Source(cpu, op, out ulong indices))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> left = MmxAccess.ToVector(MmxAccess.Read(cpu.State, op->R0));
        Vector128<byte> wrapped = MmxAccess.ToVector(indices & 0x8787878787878787);
        return Result(cpu, op, Instructions.ShuffleBytes.Apply(left, wrapped).AsUInt64()[0]);
    }

    /// <summary>PSHUFW.</summary>
    public static StepStatus ShuffleWords(CpuCore cpu, DecodedOp* op) =>
        MmxAccess.Begin(cpu) && MmxAccess.Source(cpu, op, out ulong source)
            ? Result(cpu, op, ShuffleLowWords.Apply(MmxAccess.ToVector(source), (byte)op->Imm).AsUInt64()[0])
            : StepStatus.Fault;

    /// <summary>PALIGNR: bytes [n, n+8) of destination:source, with zeros above them.</summary>
    public static StepStatus AlignRight(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu) || !MmxAccess.Source(cpu, op, out ulong source))
        {
            return StepStatus.Fault;
        }

        UInt128 both = new(MmxAccess.Read(cpu.State, op->R0), source);
        int count = 8 * (byte)op->Imm;
        return Result(cpu, op, count < 128 ? (ulong)(both >> count) : 0);
    }

    private static StepStatus Shifted<TLeaf>(CpuCore cpu, DecodedOp* op, ulong count)
        where TLeaf : struct, IVectorShift
    {
        Vector128<byte> value = MmxAccess.ToVector(MmxAccess.Read(cpu.State, op->R0));
        return Result(cpu, op, TLeaf.Apply(value, count).AsUInt64()[0]);
    }

    private static StepStatus Result(CpuCore cpu, DecodedOp* op, ulong value)
    {
        MmxAccess.Transition(cpu.State);
        MmxAccess.Write(cpu.State, op->R0, value);
        return StepStatus.Next;
    }
}
