using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>What a control byte is for the upper half of a 256-bit operation; a type argument.</summary>
internal interface IUpperControl
{
    static abstract byte Of(byte control);
}

/// <summary>Both halves have the same control.</summary>
internal readonly struct SameControl : IUpperControl
{
    public static byte Of(byte control) => control;
}

/// <summary>The upper half's control begins at bit 2: VSHUFPD, VBLENDPD, VPERMILPD.</summary>
internal readonly struct ControlFromBit2 : IUpperControl
{
    public static byte Of(byte control) => (byte)(control >> 2);
}

/// <summary>The upper half's control begins at bit 3: VMPSADBW.</summary>
internal readonly struct ControlFromBit3 : IUpperControl
{
    public static byte Of(byte control) => (byte)(control >> 3);
}

/// <summary>The upper half's control begins at bit 4: VBLENDPS, VPBLENDD.</summary>
internal readonly struct ControlFromBit4 : IUpperControl
{
    public static byte Of(byte control) => (byte)(control >> 4);
}

/// <summary>Loads, checks and write-back around leaves on 128-bit halves, with a destination of its own.</summary>
internal static unsafe class AvxForms
{
    /// <summary>xmm, xmm, xmm/m128 and ymm, ymm, ymm/m256.</summary>
    public static StepStatus Binary<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorBinary
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        Vector128<byte> low = TLeaf.Apply(a.GetLower(), b.GetLower());
        return AvxAccess.IsWide(op)
            ? AvxAccess.Write(cpu, op, low, TLeaf.Apply(a.GetUpper(), b.GetUpper()))
            : AvxAccess.Write(cpu, op, low);
    }

    /// <summary>The same with an immediate.</summary>
    public static StepStatus BinaryImmediate<TLeaf, TUpper>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorBinaryImmediate
        where TUpper : IUpperControl
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        byte control = (byte)op->Imm;
        Vector128<byte> low = TLeaf.Apply(a.GetLower(), b.GetLower(), control);
        return AvxAccess.IsWide(op)
            ? AvxAccess.Write(cpu, op, low, TLeaf.Apply(a.GetUpper(), b.GetUpper(), TUpper.Of(control)))
            : AvxAccess.Write(cpu, op, low);
    }

    /// <summary>xmm, xmm/m128 and ymm, ymm/m256.</summary>
    public static StepStatus Unary<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorUnary
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> low = TLeaf.Apply(source.GetLower());
        return AvxAccess.IsWide(op)
            ? AvxAccess.Write(cpu, op, low, TLeaf.Apply(source.GetUpper()))
            : AvxAccess.Write(cpu, op, low);
    }

    /// <summary>The same with an immediate.</summary>
    public static StepStatus UnaryImmediate<TLeaf, TUpper>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorUnaryImmediate
        where TUpper : IUpperControl
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        byte control = (byte)op->Imm;
        Vector128<byte> low = TLeaf.Apply(source.GetLower(), control);
        return AvxAccess.IsWide(op)
            ? AvxAccess.Write(cpu, op, low, TLeaf.Apply(source.GetUpper(), TUpper.Of(control)))
            : AvxAccess.Write(cpu, op, low);
    }

    /// <summary>Widening: the upper half comes from the source's next <typeparamref name="TPart"/>.</summary>
    public static StepStatus Extend<TLeaf, TPart>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorUnary
        where TPart : unmanaged
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> narrow = source.GetLower();
        Vector128<byte> low = TLeaf.Apply(narrow);
        return AvxAccess.IsWide(op)
            ? AvxAccess.Write(cpu, op, low, TLeaf.Apply(ByteShiftRight.Apply(narrow, (ulong)Unsafe.SizeOf<TPart>())))
            : AvxAccess.Write(cpu, op, low);
    }

    /// <summary>VPSLLW and its kin: the count is the low quadword of a 128-bit operand.</summary>
    public static StepStatus Shift<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorShift =>
        AvxAccess.Enabled(cpu) && AvxAccess.Source2(cpu, op, out Vector256<byte> count)
            ? Shift<TLeaf>(cpu, op, count.AsUInt64().ToScalar())
            : StepStatus.Fault;

    /// <summary>VPSLLW and its kin with an immediate count.</summary>
    public static StepStatus ShiftImmediate<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorShift =>
        AvxAccess.Enabled(cpu) ? Shift<TLeaf>(cpu, op, (byte)op->Imm) : StepStatus.Fault;

    /// <summary>VPBLENDVB, VBLENDVPS, VBLENDVPD: the fourth register's signs select.</summary>
    public static StepStatus BlendByRegister<T>(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        Vector256<byte> mask = *AvxAccess.Ymm(cpu.State, op->R3);
        Vector128<byte> low = BlendVariable<T>.Apply(a.GetLower(), b.GetLower(), mask.GetLower());
        return AvxAccess.IsWide(op)
            ? AvxAccess.Write(cpu, op, low, BlendVariable<T>.Apply(a.GetUpper(), b.GetUpper(), mask.GetUpper()))
            : AvxAccess.Write(cpu, op, low);
    }

    /// <summary>VPMOVMSKB, VMOVMSKPS, VMOVMSKPD.</summary>
    public static StepStatus SignBits<T>(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> source = *AvxAccess.Ymm(cpu.State, op->R1);
        uint bits = SignMask<T>.Extract(source.GetLower());
        if (op->K1 == OperandKind.Ymm)
        {
            bits |= SignMask<T>.Extract(source.GetUpper()) << Vector128<T>.Count;
        }

        Gpr.Write(cpu.State, op->R0, bits);
        return StepStatus.Next;
    }

    /// <summary>VPTEST (bytes), VTESTPS (int) and VTESTPD (long), the latter two on the signs alone.</summary>
    public static StepStatus Test<T>(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> target = *AvxAccess.Ymm(cpu.State, op->R0);
        target = AvxAccess.IsWide(op) ? target : target.GetLower().ToVector256();
        Vector256<T> both = (target & source).As<byte, T>();
        Vector256<T> only = Vector256.AndNot(source, target).As<byte, T>();
        bool all = typeof(T) == typeof(byte);
        bool zero = all ? both == Vector256<T>.Zero : both.ExtractMostSignificantBits() == 0;
        bool covered = all ? only == Vector256<T>.Zero : only.ExtractMostSignificantBits() == 0;
        ulong flags = (zero ? Flags.Zf : 0) | (covered ? Flags.Cf : 0);
        (cpu.State->FlagResult, cpu.State->FlagAux) = LazyFlags.FromStatus(flags);
        return StepStatus.Next;
    }

    private static StepStatus Shift<TLeaf>(CpuCore cpu, DecodedOp* op, ulong count)
        where TLeaf : IVectorShift
    {
        Vector256<byte> value = *AvxAccess.Ymm(cpu.State, op->R1);
        Vector128<byte> low = TLeaf.Apply(value.GetLower(), count);
        return AvxAccess.IsWide(op)
            ? AvxAccess.Write(cpu, op, low, TLeaf.Apply(value.GetUpper(), count))
            : AvxAccess.Write(cpu, op, low);
    }
}
