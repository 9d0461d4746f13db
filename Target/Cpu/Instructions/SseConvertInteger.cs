using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// CVTSI2SS, CVTSI2SD, CVTSS2SI, CVTSD2SI, CVTTSS2SI, CVTTSD2SI. What does not fit gives the integer indefinite and IE;
/// DE is never raised.
/// </summary>
internal static unsafe class SseConvertInteger
{
    // Integers up to these magnitudes are exact in the format.
    private const ulong SingleExact = 1ul << 24;
    private const ulong DoubleExact = 1ul << 53;

    /// <summary>CVTSI2SS xmm, r/m32.</summary>
    public static StepStatus Int32ToSingle(CpuCore cpu, DecodedOp* op) =>
        SseAccess.Enabled(cpu) && Operands.Read1(cpu, op, out int value) ? ToSingle(cpu, op, value) : StepStatus.Fault;

    /// <summary>CVTSI2SS xmm, r/m64.</summary>
    public static StepStatus Int64ToSingle(CpuCore cpu, DecodedOp* op) =>
        SseAccess.Enabled(cpu) && Operands.Read1(cpu, op, out long value) ? ToSingle(cpu, op, value) : StepStatus.Fault;

    /// <summary>CVTSI2SD xmm, r/m32: always exact.</summary>
    public static StepStatus Int32ToDouble(CpuCore cpu, DecodedOp* op) =>
        SseAccess.Enabled(cpu) && Operands.Read1(cpu, op, out int value) ? ToDouble(cpu, op, value) : StepStatus.Fault;

    /// <summary>CVTSI2SD xmm, r/m64.</summary>
    public static StepStatus Int64ToDouble(CpuCore cpu, DecodedOp* op) =>
        SseAccess.Enabled(cpu) && Operands.Read1(cpu, op, out long value) ? ToDouble(cpu, op, value) : StepStatus.Fault;

    /// <summary>CVTSS2SI r32, xmm/m32.</summary>
    public static StepStatus SingleToInt32(CpuCore cpu, DecodedOp* op) => FromSingle(cpu, op, 32, truncate: false);

    /// <summary>CVTSS2SI r64, xmm/m32.</summary>
    public static StepStatus SingleToInt64(CpuCore cpu, DecodedOp* op) => FromSingle(cpu, op, 64, truncate: false);

    /// <summary>CVTTSS2SI r32, xmm/m32.</summary>
    public static StepStatus TruncateSingleToInt32(CpuCore cpu, DecodedOp* op) =>
        FromSingle(cpu, op, 32, truncate: true);

    /// <summary>CVTTSS2SI r64, xmm/m32.</summary>
    public static StepStatus TruncateSingleToInt64(CpuCore cpu, DecodedOp* op) =>
        FromSingle(cpu, op, 64, truncate: true);

    /// <summary>CVTSD2SI r32, xmm/m64.</summary>
    public static StepStatus DoubleToInt32(CpuCore cpu, DecodedOp* op) => FromDouble(cpu, op, 32, truncate: false);

    /// <summary>CVTSD2SI r64, xmm/m64.</summary>
    public static StepStatus DoubleToInt64(CpuCore cpu, DecodedOp* op) => FromDouble(cpu, op, 64, truncate: false);

    /// <summary>CVTTSD2SI r32, xmm/m64.</summary>
    public static StepStatus TruncateDoubleToInt32(CpuCore cpu, DecodedOp* op) =>
        FromDouble(cpu, op, 32, truncate: true);

    /// <summary>CVTTSD2SI r64, xmm/m64.</summary>
    public static StepStatus TruncateDoubleToInt64(CpuCore cpu, DecodedOp* op) =>
        FromDouble(cpu, op, 64, truncate: true);

    private static StepStatus ToSingle(CpuCore cpu, DecodedOp* op, long value)
    {
        float* target = (float*)SseAccess.Xmm(cpu.State, op->R0);
        if ((ulong)(value + (long)SingleExact) <= 2 * SingleExact)
        {
            *target = value;
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SoftConversion.FromInteger<Binary32Format>(value, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *(uint*)target = (uint)result;
        return StepStatus.Next;
    }

    private static StepStatus ToDouble(CpuCore cpu, DecodedOp* op, long value)
    {
        double* target = (double*)SseAccess.Xmm(cpu.State, op->R0);
        if ((ulong)(value + (long)DoubleExact) <= 2 * DoubleExact)
        {
            *target = value;
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SoftConversion.FromInteger<Binary64Format>(value, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *(ulong*)target = result;
        return StepStatus.Next;
    }

    private static StepStatus FromSingle(CpuCore cpu, DecodedOp* op, int bits, bool truncate)
    {
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceScalar(cpu, op, out float source))
        {
            return StepStatus.Fault;
        }

        // A single is a double too, denormals becoming normal: with DAZ they must not get there.
        return SseFloatOrdinary.IsOperand(source) && HostInteger(cpu, op, source, bits, truncate)
            ? StepStatus.Next
            : ExactInteger<Binary32Format>(cpu, op, BitConverter.SingleToUInt32Bits(source), bits, truncate);
    }

    private static StepStatus FromDouble(CpuCore cpu, DecodedOp* op, int bits, bool truncate)
    {
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceScalar(cpu, op, out double source))
        {
            return StepStatus.Fault;
        }

        return SseFloatOrdinary.IsOperand(source) && HostInteger(cpu, op, source, bits, truncate)
            ? StepStatus.Next
            : ExactInteger<Binary64Format>(cpu, op, BitConverter.DoubleToUInt64Bits(source), bits, truncate);
    }

    /// <summary>The host's conversion of a number in range that is an integer or whose PE is set already.</summary>
    private static bool HostInteger(CpuCore cpu, DecodedOp* op, double source, int bits, bool truncate)
    {
        CpuState* s = cpu.State;
        bool settled = SseFloatStatus.IsSettled(s->Mxcsr);
        double integral = truncate || !settled ? Math.Truncate(source) : Math.Round(source);
        double limit = bits == 32 ? 1u << 31 : 1ul << 63;
        if (!(integral >= -limit && integral < limit) || (!settled && integral != source))
        {
            return false;
        }

        long value = (long)integral;
        s->Gpr[op->R0] = bits == 32 ? (uint)value : (ulong)value;
        return true;
    }

    private static StepStatus ExactInteger<TFormat>(CpuCore cpu, DecodedOp* op, ulong source, int bits, bool truncate)
        where TFormat : struct, IBinaryFormat
    {
        CpuState* s = cpu.State;
        FloatStatus status = FloatStatus.FromMxcsr(s->Mxcsr);
        RoundingMode rounding = truncate ? RoundingMode.TowardZero : status.Rounding;
        ulong result = SoftConversion.ToInteger<TFormat>(source, bits, isSigned: true, rounding, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        // The integer already has zeros above its width, which is what a 32-bit register write wants.
        s->Gpr[op->R0] = result;
        return StepStatus.Next;
    }
}
