using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Moves between XMM registers and memory; non-temporal hints have no effect here.</summary>
internal static unsafe class SseMove
{
    /// <summary>MOVAPS, MOVAPD, MOVDQA, MOVNTDQA into a register.</summary>
    public static StepStatus LoadAligned(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceAligned(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = source;
        return StepStatus.Next;
    }

    /// <summary>MOVUPS, MOVUPD, MOVDQU, LDDQU into a register.</summary>
    public static StepStatus LoadUnaligned(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceUnaligned(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = source;
        return StepStatus.Next;
    }

    /// <summary>MOVAPS, MOVAPD, MOVDQA, MOVNTPS, MOVNTPD, MOVNTDQ out of a register.</summary>
    public static StepStatus StoreAligned(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> value = *SseAccess.Xmm(cpu.State, op->R1);
        if (op->K0 == OperandKind.Memory)
        {
            return SseAccess.StoreAligned(cpu, op, value) ? StepStatus.Next : StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = value;
        return StepStatus.Next;
    }

    /// <summary>MOVUPS, MOVUPD, MOVDQU out of a register.</summary>
    public static StepStatus StoreUnaligned(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> value = *SseAccess.Xmm(cpu.State, op->R1);
        if (op->K0 == OperandKind.Memory)
        {
            return SseAccess.StoreUnaligned(cpu, op, value) ? StepStatus.Next : StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = value;
        return StepStatus.Next;
    }

    /// <summary>MOVSS and MOVSD into a register: from memory zero-extended, else the lowest lane only.</summary>
    public static StepStatus LoadScalar<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        if (op->K1 == OperandKind.Xmm)
        {
            *(T*)target = *(T*)SseAccess.Xmm(cpu.State, op->R1);
            return StepStatus.Next;
        }

        if (!Operands.LoadMemory(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        *target = Vector128.CreateScalar(value).AsByte();
        return StepStatus.Next;
    }

    /// <summary>MOVSS and MOVSD out of a register: to memory, or into a register's lowest lane only.</summary>
    public static StepStatus StoreScalar<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        T value = *(T*)SseAccess.Xmm(cpu.State, op->R1);
        if (op->K0 == OperandKind.Memory)
        {
            return Operands.StoreMemory(cpu, op, value) ? StepStatus.Next : StepStatus.Fault;
        }

        *(T*)SseAccess.Xmm(cpu.State, op->R0) = value;
        return StepStatus.Next;
    }

    /// <summary>MOVQ xmm, xmm/m64: zero-extended from either.</summary>
    public static StepStatus LoadQuadword(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceScalar(cpu, op, out ulong value))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = Vector128.CreateScalar(value).AsByte();
        return StepStatus.Next;
    }

    /// <summary>MOVQ xmm/m64, xmm: zero-extended into a register.</summary>
    public static StepStatus StoreQuadword(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        ulong value = *(ulong*)SseAccess.Xmm(cpu.State, op->R1);
        if (op->K0 == OperandKind.Memory)
        {
            return Operands.StoreMemory(cpu, op, value) ? StepStatus.Next : StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = Vector128.CreateScalar(value).AsByte();
        return StepStatus.Next;
    }
}
