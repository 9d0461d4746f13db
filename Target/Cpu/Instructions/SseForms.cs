using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Loads, checks and write-back around the integer leaves: a row is one of these over a leaf.</summary>
internal static unsafe class SseForms
{
    /// <summary>xmm, xmm/m128.</summary>
    public static StepStatus Binary<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorBinary
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        *target = TLeaf.Apply(*target, source);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m128, imm8.</summary>
    public static StepStatus BinaryImmediate<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorBinaryImmediate
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        *target = TLeaf.Apply(*target, source, (byte)op->Imm);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m128, the old destination not being an operand.</summary>
    public static StepStatus Unary<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorUnary
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = TLeaf.Apply(source);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m128, imm8, the old destination not being an operand.</summary>
    public static StepStatus UnaryImmediate<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorUnaryImmediate
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = TLeaf.Apply(source, (byte)op->Imm);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m16..m64: memory narrower than the register and of any alignment.</summary>
    public static StepStatus Extend<TLeaf, TMemory>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorUnary
        where TMemory : unmanaged
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourcePart<TMemory>(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = TLeaf.Apply(source);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m128: the count is the source's low quadword.</summary>
    public static StepStatus Shift<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorShift
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        *target = TLeaf.Apply(*target, source.AsUInt64().ToScalar());
        return StepStatus.Next;
    }

    /// <summary>xmm, imm8.</summary>
    public static StepStatus ShiftImmediate<TLeaf>(CpuCore cpu, DecodedOp* op)
        where TLeaf : IVectorShift
    {
        if (!SseAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        *target = TLeaf.Apply(*target, (byte)op->Imm);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m128 and XMM0 as the mask.</summary>
    public static StepStatus BlendByXmm0<T>(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        *target = BlendVariable<T>.Apply(*target, source, *SseAccess.Xmm(cpu.State, 0));
        return StepStatus.Next;
    }

    /// <summary>r32/r64, xmm: the sign bits of the lanes.</summary>
    public static StepStatus SignBits<T>(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, SignMask<T>.Extract(*SseAccess.Xmm(cpu.State, op->R1)));
        return StepStatus.Next;
    }

    /// <summary>PTEST.</summary>
    public static StepStatus Test(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> target = *SseAccess.Xmm(cpu.State, op->R0);
        ulong flags = (PackedTest.IsZero(target, source) ? Flags.Zf : 0)
            | (PackedTest.IsCovered(target, source) ? Flags.Cf : 0);
        (cpu.State->FlagResult, cpu.State->FlagAux) = LazyFlags.FromStatus(flags);
        return StepStatus.Next;
    }
}
