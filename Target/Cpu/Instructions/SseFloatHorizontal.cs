using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>An operation that mixes the lanes of two vectors, exceptions collected in the status.</summary>
internal interface IVectorFloat
{
    /// <summary>The whole destination.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, ref FloatStatus status);
}

/// <summary>HADDPS and HSUBPS.</summary>
internal readonly struct HorizontalSingles<TLane> : IVectorFloat
    where TLane : IFloatLane
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, ref FloatStatus status)
    {
        Vector128<uint> a = left.AsUInt32(), b = right.AsUInt32();
        return Vector128.Create(
            TLane.Exact(a[0], a[1], ref status),
            TLane.Exact(a[2], a[3], ref status),
            TLane.Exact(b[0], b[1], ref status),
            TLane.Exact(b[2], b[3], ref status)).AsByte();
    }
}

/// <summary>HADDPD and HSUBPD.</summary>
internal readonly struct HorizontalDoubles<TLane> : IVectorFloat
    where TLane : IFloatLane
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, ref FloatStatus status)
    {
        Vector128<ulong> a = left.AsUInt64(), b = right.AsUInt64();
        return Vector128.Create(
            TLane.Exact(a[0], a[1], ref status),
            TLane.Exact(b[0], b[1], ref status)).AsByte();
    }
}

/// <summary>ADDSUBPS: subtracts in the even lanes, adds in the odd ones.</summary>
internal readonly struct AddSubtractSingles : IVectorFloat
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, ref FloatStatus status)
    {
        Vector128<uint> a = left.AsUInt32(), b = right.AsUInt32();
        return Vector128.Create(
            Binary32.Subtract(a[0], b[0], ref status),
            Binary32.Add(a[1], b[1], ref status),
            Binary32.Subtract(a[2], b[2], ref status),
            Binary32.Add(a[3], b[3], ref status)).AsByte();
    }
}

/// <summary>ADDSUBPD: subtracts in the low lane, adds in the high one.</summary>
internal readonly struct AddSubtractDoubles : IVectorFloat
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, ref FloatStatus status)
    {
        Vector128<ulong> a = left.AsUInt64(), b = right.AsUInt64();
        return Vector128.Create(
            Binary64.Subtract(a[0], b[0], ref status),
            Binary64.Add(a[1], b[1], ref status)).AsByte();
    }
}

/// <summary>Operands of the instructions that mix lanes.</summary>
internal static unsafe class SseFloatMixForms
{
    /// <summary>xmm, xmm/m128.</summary>
    public static StepStatus Binary<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IVectorFloat
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = TOp.Apply(*target, source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }
}
