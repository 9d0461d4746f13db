using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VPERMILPS with a vector of controls.</summary>
internal readonly struct PermuteSingles : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Shuffle(left.AsUInt32(), right.AsUInt32() & Vector128.Create(3u)).AsByte();
}

/// <summary>VPERMILPD with a vector of controls: bit 1 of each selects.</summary>
internal readonly struct PermuteDoubles : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Shuffle(left.AsUInt64(), (right.AsUInt64() >>> 1) & Vector128<ulong>.One).AsByte();
}

/// <summary>VPERMILPD with an immediate.</summary>
internal readonly struct PickDoubles : IVectorUnaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> source, byte control) =>
        ShuffleDoubles.Apply(source, source, control);
}

/// <summary>VPSLLVD, VPSLLVQ: zero from the lane's width upwards.</summary>
internal readonly struct ShiftLeftVariable<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        typeof(T) == typeof(uint)
            ? Avx2.IsSupported
                ? Avx2.ShiftLeftLogicalVariable(left.AsUInt32(), right.AsUInt32()).AsByte()
                : VariableShift.Doublewords<PackedShiftLeft<uint>>(left, right)
            : Avx2.IsSupported
                ? Avx2.ShiftLeftLogicalVariable(left.AsUInt64(), right.AsUInt64()).AsByte()
                : VariableShift.Quadwords<PackedShiftLeft<ulong>>(left, right);
}

/// <summary>VPSRLVD, VPSRLVQ: zero from the lane's width upwards.</summary>
internal readonly struct ShiftRightVariable<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        typeof(T) == typeof(uint)
            ? Avx2.IsSupported
                ? Avx2.ShiftRightLogicalVariable(left.AsUInt32(), right.AsUInt32()).AsByte()
                : VariableShift.Doublewords<PackedShiftRight<uint>>(left, right)
            : Avx2.IsSupported
                ? Avx2.ShiftRightLogicalVariable(left.AsUInt64(), right.AsUInt64()).AsByte()
                : VariableShift.Quadwords<PackedShiftRight<ulong>>(left, right);
}

/// <summary>VPSRAVD: copies of the sign from the lane's width upwards.</summary>
internal readonly struct ShiftRightArithmeticVariable : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Avx2.IsSupported
            ? Avx2.ShiftRightArithmeticVariable(left.AsInt32(), right.AsUInt32()).AsByte()
            : VariableShift.Doublewords<PackedShiftRightArithmetic<int>>(left, right);
}

/// <summary>Permutations and insertions across the halves, and broadcasts.</summary>
internal static unsafe class AvxPermute
{
    /// <summary>VPERM2F128, VPERM2I128: each half by two bits of the immediate, or zero.</summary>
    public static StepStatus Halves(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        return AvxAccess.Write(cpu, op, SelectHalf(a, b, (int)op->Imm), SelectHalf(a, b, (int)op->Imm >> 4));
    }

    /// <summary>VPERMD, VPERMPS: operand 1 has the indices, their low three bits counting.</summary>
    public static StepStatus Doublewords(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<uint> index = AvxAccess.Ymm(cpu.State, op->R1)->AsUInt32() & Vector256.Create(7u);
        Vector256<byte> result = Vector256.Shuffle(b.AsUInt32(), index).AsByte();
        return AvxAccess.Write(cpu, op, result.GetLower(), result.GetUpper());
    }

    /// <summary>VPERMQ, VPERMPD: two bits of the immediate for each quadword.</summary>
    public static StepStatus Quadwords(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        ulong c = op->Imm;
        Vector256<ulong> index = Vector256.Create(c & 3, (c >> 2) & 3, (c >> 4) & 3, (c >> 6) & 3);
        Vector256<byte> result = Vector256.Shuffle(source.AsUInt64(), index).AsByte();
        return AvxAccess.Write(cpu, op, result.GetLower(), result.GetUpper());
    }

    /// <summary>VINSERTF128, VINSERTI128.</summary>
    public static StepStatus InsertHalf(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> half))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        return (op->Imm & 1) != 0
            ? AvxAccess.Write(cpu, op, a.GetLower(), half.GetLower())
            : AvxAccess.Write(cpu, op, half.GetLower(), a.GetUpper());
    }

    /// <summary>VEXTRACTF128, VEXTRACTI128.</summary>
    public static StepStatus ExtractHalf(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> half = SseAccess.Xmm(cpu.State, op->R1)[op->Imm & 1];
        if (op->K0 != OperandKind.Memory)
        {
            return AvxAccess.Write(cpu, op, half);
        }

        bool stored = AvxAccess.Store(cpu, op, wide: false, aligned: false, half.ToVector256());
        return stored ? StepStatus.Next : StepStatus.Fault;
    }

    /// <summary>VBROADCASTSS, VBROADCASTSD, VPBROADCASTB, VPBROADCASTW, VPBROADCASTD, VPBROADCASTQ.</summary>
    public static StepStatus Broadcast<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged
    {
        if (!AvxAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> all = Vector128.Create(value).AsByte();
        return AvxAccess.IsWide(op) ? AvxAccess.Write(cpu, op, all, all) : AvxAccess.Write(cpu, op, all);
    }

    /// <summary>VBROADCASTF128, VBROADCASTI128.</summary>
    public static StepStatus BroadcastHalf(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && AvxAccess.Source1(cpu, op, out Vector256<byte> half)
            ? AvxAccess.Write(cpu, op, half.GetLower(), half.GetLower())
            : StepStatus.Fault;

    private static Vector128<byte> SelectHalf(Vector256<byte> a, Vector256<byte> b, int control) =>
        (control & 11) switch
        {
            0 => a.GetLower(),
            1 => a.GetUpper(),
            2 => b.GetLower(),
            3 => b.GetUpper(),
            _ => Vector128<byte>.Zero,
        };
}

/// <summary>Shifts lane by lane with the leaves that shift by one count.</summary>
file static class VariableShift
{
    public static Vector128<byte> Doublewords<TLeaf>(Vector128<byte> value, Vector128<byte> counts)
        where TLeaf : IVectorShift
    {
        Vector128<uint> result = default;
        for (int lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            Vector128<byte> shifted = TLeaf.Apply(value, counts.AsUInt32()[lane]);
            result = result.WithElement(lane, shifted.AsUInt32()[lane]);
        }

        return result.AsByte();
    }

    public static Vector128<byte> Quadwords<TLeaf>(Vector128<byte> value, Vector128<byte> counts)
        where TLeaf : IVectorShift
    {
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Vector128<ulong>.Count; lane++)
        {
            Vector128<byte> shifted = TLeaf.Apply(value, counts.AsUInt64()[lane]);
            result = result.WithElement(lane, shifted.AsUInt64()[lane]);
        }

        return result.AsByte();
    }
}
