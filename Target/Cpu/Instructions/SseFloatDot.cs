using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// DPPS and DPPD (SDM vol. 2A): products of the lanes that the immediate's high bits select, summed pair by pair, into
/// the lanes that its low bits select. Every product and sum is rounded and raises exceptions of its own; an unmasked
/// one ends the instruction before the next step, as on the recorded CPU.
/// </summary>
internal static unsafe class SseFloatDot
{
    /// <summary>DPPS xmm, xmm/m128, imm8.</summary>
    public static StepStatus PackedSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<uint> products = Products(target->AsUInt32(), source.AsUInt32(), (byte)op->Imm, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        Vector128<uint> pairs = Pairs(products, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        Vector128<uint> sum = Vector128.Create(Binary32.Add(pairs[0], pairs[1], ref status));
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = BlendSingles.Apply(Vector128<byte>.Zero, sum.AsByte(), (byte)op->Imm);
        return StepStatus.Next;
    }

    /// <summary>DPPD xmm, xmm/m128, imm8.</summary>
    public static StepStatus PackedDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        Vector128<ulong> a = target->AsUInt64(), b = source.AsUInt64();
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong low = (op->Imm & 0x10) != 0 ? Binary64.Multiply(a[0], b[0], ref status) : 0;
        ulong high = (op->Imm & 0x20) != 0 ? Binary64.Multiply(a[1], b[1], ref status) : 0;
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        Vector128<ulong> sum = Vector128.Create(Binary64.Add(low, high, ref status));
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = BlendDoubles.Apply(Vector128<byte>.Zero, sum.AsByte(), (byte)op->Imm);
        return StepStatus.Next;
    }

    /// <summary>The sums of lanes 0 and 1 and of lanes 2 and 3.</summary>
    public static Vector128<uint> Pairs(Vector128<uint> products, ref FloatStatus status) => Vector128.Create(
        Binary32.Add(products[0], products[1], ref status), Binary32.Add(products[2], products[3], ref status), 0, 0);

    /// <summary>The selected lanes' products, plus zero in the others.</summary>
    public static Vector128<uint> Products(
        Vector128<uint> a, Vector128<uint> b, byte control, ref FloatStatus status)
    {
        Vector128<uint> products = default;
        for (int lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            if ((control & (0x10 << lane)) != 0)
            {
                products = products.WithElement(lane, Binary32.Multiply(a[lane], b[lane], ref status));
            }
        }

        return products;
    }
}
