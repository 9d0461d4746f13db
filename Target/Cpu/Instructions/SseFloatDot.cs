using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// DPPS and DPPD (SDM vol. 2A): products of the lanes that the immediate's high bits select, summed pair by pair, into
/// the lanes that its low bits select. Every product and sum is rounded and raises exceptions of its own.
/// </summary>
internal static unsafe class SseFloatDot
{
    /// <summary>DPPS.</summary>
    public static Vector128<byte> Singles(
        Vector128<byte> left, Vector128<byte> right, byte control, ref FloatStatus status)
    {
        Vector128<uint> a = left.AsUInt32(), b = right.AsUInt32();
        Vector128<uint> products = default;
        for (int lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            if ((control & (0x10 << lane)) != 0)
            {
                products = products.WithElement(lane, Binary32.Multiply(a[lane], b[lane], ref status));
            }
        }

        uint low = Binary32.Add(products[0], products[1], ref status);
        uint high = Binary32.Add(products[2], products[3], ref status);
        Vector128<uint> sum = Vector128.Create(Binary32.Add(low, high, ref status));
        return BlendSingles.Apply(Vector128<byte>.Zero, sum.AsByte(), control);
    }

    /// <summary>DPPD.</summary>
    public static Vector128<byte> Doubles(
        Vector128<byte> left, Vector128<byte> right, byte control, ref FloatStatus status)
    {
        Vector128<ulong> a = left.AsUInt64(), b = right.AsUInt64();
        ulong low = (control & 0x10) != 0 ? Binary64.Multiply(a[0], b[0], ref status) : 0;
        ulong high = (control & 0x20) != 0 ? Binary64.Multiply(a[1], b[1], ref status) : 0;
        Vector128<ulong> sum = Vector128.Create(Binary64.Add(low, high, ref status));
        return BlendDoubles.Apply(Vector128<byte>.Zero, sum.AsByte(), control);
    }

    /// <summary>DPPS xmm, xmm/m128, imm8.</summary>
    public static StepStatus PackedSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = Singles(*target, source, (byte)op->Imm, ref status);
        return Finish(cpu, target, result, status);
    }

    /// <summary>DPPD xmm, xmm/m128, imm8.</summary>
    public static StepStatus PackedDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = Doubles(*target, source, (byte)op->Imm, ref status);
        return Finish(cpu, target, result, status);
    }

    private static StepStatus Finish(
        CpuCore cpu, Vector128<byte>* target, Vector128<byte> result, in FloatStatus status)
    {
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }
}
