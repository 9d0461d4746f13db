using System.Numerics;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Single elements between XMM registers and general registers or memory.</summary>
internal static unsafe class SseElementForms
{
    /// <summary>PEXTRB, PEXTRW, PEXTRD, PEXTRQ, EXTRACTPS: zero-extended into a register.</summary>
    public static StepStatus Extract<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        T element = VectorLane<T>.Extract(*SseAccess.Xmm(cpu.State, op->R1), (byte)op->Imm);
        if (op->K0 == OperandKind.Memory)
        {
            return Operands.StoreMemory(cpu, op, element) ? StepStatus.Next : StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, ulong.CreateTruncating(element));
        return StepStatus.Next;
    }

    /// <summary>PINSRB, PINSRW, PINSRD, PINSRQ: the low part of a register, or memory of that size.</summary>
    public static StepStatus Insert<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        T element;
        if (op->K1 != OperandKind.Memory)
        {
            element = Gpr.Read<T>(cpu.State, op->R1);
        }
        else if (!Operands.LoadMemory(cpu, op, out element))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        *target = VectorLane<T>.Insert(*target, element, (byte)op->Imm);
        return StepStatus.Next;
    }

    /// <summary>INSERTPS.</summary>
    public static StepStatus InsertSingleElement(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        uint element;
        if (op->K1 == OperandKind.Xmm)
        {
            element = InsertSingle.SelectSource(*SseAccess.Xmm(cpu.State, op->R1), (byte)op->Imm);
        }
        else if (!Operands.LoadMemory(cpu, op, out element))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        *target = InsertSingle.Apply(*target, element, (byte)op->Imm);
        return StepStatus.Next;
    }

    /// <summary>MOVD and MOVQ into a register: zero-extended to 128 bits.</summary>
    public static StepStatus FromGeneral<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        T value;
        if (op->K1 != OperandKind.Memory)
        {
            value = Gpr.Read<T>(cpu.State, op->R1);
        }
        else if (!Operands.LoadMemory(cpu, op, out value))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = Vector128.CreateScalar(value).AsByte();
        return StepStatus.Next;
    }

    /// <summary>MOVD and MOVQ out of a register.</summary>
    public static StepStatus ToGeneral<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
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

        Gpr.Write(cpu.State, op->R0, value);
        return StepStatus.Next;
    }
}
