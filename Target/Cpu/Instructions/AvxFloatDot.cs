using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VDPPS and VDPPD: the steps of <see cref="SseFloatDot"/>, in both halves at once.</summary>
internal static unsafe class AvxFloatDot
{
    /// <summary>VDPPS.</summary>
    public static StepStatus PackedSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        byte control = (byte)op->Imm;
        bool wide = AvxAccess.IsWide(op);
        Vector256<uint> a = AvxAccess.Ymm(cpu.State, op->R1)->AsUInt32(), b = source.AsUInt32();
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<uint> low = SseFloatDot.Products(a.GetLower(), b.GetLower(), control, ref status);
        Vector128<uint> high = wide ? SseFloatDot.Products(a.GetUpper(), b.GetUpper(), control, ref status) : default;
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        low = SseFloatDot.Pairs(low, ref status);
        high = wide ? SseFloatDot.Pairs(high, ref status) : default;
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        low = Vector128.Create(Binary32.Add(low[0], low[1], ref status));
        high = wide ? Vector128.Create(Binary32.Add(high[0], high[1], ref status)) : default;
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> zero = Vector128<byte>.Zero;
        return AvxAccess.Write(
            cpu, op, BlendSingles.Apply(zero, low.AsByte(), control), BlendSingles.Apply(zero, high.AsByte(), control));
    }

    /// <summary>VDPPD, which has no 256-bit form.</summary>
    public static StepStatus PackedDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<ulong> a = SseAccess.Xmm(cpu.State, op->R1)->AsUInt64(), b = source.GetLower().AsUInt64();
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong low = (op->Imm & 0x10) != 0 ? Binary64.Multiply(a[0], b[0], ref status) : 0;
        ulong high = (op->Imm & 0x20) != 0 ? Binary64.Multiply(a[1], b[1], ref status) : 0;
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        Vector128<ulong> sum = Vector128.Create(Binary64.Add(low, high, ref status));
        return SseFloatStatus.Commit(cpu, status)
            ? AvxAccess.Write(cpu, op, BlendDoubles.Apply(Vector128<byte>.Zero, sum.AsByte(), (byte)op->Imm))
            : StepStatus.Fault;
    }
}
