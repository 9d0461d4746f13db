using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// RCPPS, RCPSS, RSQRTPS, RSQRTSS. The manual bounds the relative error by 1.5 * 2^-12 and leaves the bits to the
/// processor; here they are the correctly rounded ones. Denormal operands count as zeros, tiny results become zeros,
/// and MXCSR is neither asked nor changed (SDM vol. 2B, RCPPS and RSQRTPS).
/// </summary>
internal static unsafe class SseFloatEstimate
{
    /// <summary>The reciprocal of a single.</summary>
    public static float Reciprocal(float x)
    {
        float divisor = WithoutDenormals(x);
        return float.IsNaN(divisor) ? Quiet(divisor) : WithoutDenormals(1f / divisor);
    }

    /// <summary>The reciprocal of a single's square root; the real indefinite for a negative number.</summary>
    public static float ReciprocalSquareRoot(float x)
    {
        float radicand = WithoutDenormals(x);
        if (float.IsNaN(radicand))
        {
            return Quiet(radicand);
        }

        if (radicand == 0)
        {
            return 1f / radicand;
        }

        return radicand < 0 ? BitConverter.UInt32BitsToSingle(0xFFC0_0000) : (float)(1.0 / Math.Sqrt(radicand));
    }

    /// <summary>RCPSS.</summary>
    public static StepStatus ReciprocalScalar(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out float source))
        {
            return StepStatus.Fault;
        }

        *(float*)SseAccess.Xmm(cpu.State, op->R0) = Reciprocal(source);
        return StepStatus.Next;
    }

    /// <summary>RSQRTSS.</summary>
    public static StepStatus ReciprocalSquareRootScalar(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out float source))
        {
            return StepStatus.Fault;
        }

        *(float*)SseAccess.Xmm(cpu.State, op->R0) = ReciprocalSquareRoot(source);
        return StepStatus.Next;
    }

    private static float WithoutDenormals(float x) => float.IsSubnormal(x) ? float.CopySign(0, x) : x;

    private static float Quiet(float x) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) | 0x0040_0000);
}

/// <summary>RCPPS.</summary>
internal readonly struct PackedReciprocal : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source)
    {
        Vector128<float> x = source.AsSingle();
        return Vector128.Create(
            SseFloatEstimate.Reciprocal(x[0]),
            SseFloatEstimate.Reciprocal(x[1]),
            SseFloatEstimate.Reciprocal(x[2]),
            SseFloatEstimate.Reciprocal(x[3])).AsByte();
    }
}

/// <summary>RSQRTPS.</summary>
internal readonly struct PackedReciprocalSquareRoot : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source)
    {
        Vector128<float> x = source.AsSingle();
        return Vector128.Create(
            SseFloatEstimate.ReciprocalSquareRoot(x[0]),
            SseFloatEstimate.ReciprocalSquareRoot(x[1]),
            SseFloatEstimate.ReciprocalSquareRoot(x[2]),
            SseFloatEstimate.ReciprocalSquareRoot(x[3])).AsByte();
    }
}
