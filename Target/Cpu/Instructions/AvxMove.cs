using System.Numerics;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VEX-encoded moves, and VZEROUPPER and VZEROALL.</summary>
internal static unsafe class AvxMove
{
    /// <summary>VMOVAPS, VMOVAPD, VMOVDQA, VMOVNTPS and the like, in both directions.</summary>
    public static StepStatus Aligned(CpuCore cpu, DecodedOp* op) => Whole(cpu, op, aligned: true);

    /// <summary>VMOVUPS, VMOVUPD, VMOVDQU, VLDDQU, in both directions.</summary>
    public static StepStatus Unaligned(CpuCore cpu, DecodedOp* op) => Whole(cpu, op, aligned: false);

    /// <summary>VMOVSS and VMOVSD between registers: the lowest lane of operand 2, the rest of operand 1.</summary>
    public static StepStatus MergeScalar<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        T value = *(T*)AvxAccess.Ymm(s, op->R2);
        Vector128<byte> result = SseAccess.Xmm(s, op->R1)->As<byte, T>().WithElement(0, value).AsByte();
        return AvxAccess.Write(cpu, op, result);
    }

    /// <summary>VMOVSS and VMOVSD from memory.</summary>
    public static StepStatus LoadScalar<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged => AvxAccess.Cleared(cpu, op, SseMove.LoadScalar<T>(cpu, op));

    /// <summary>VMOVQ xmm, xmm/m64.</summary>
    public static StepStatus LoadQuadword(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Cleared(cpu, op, SseMove.LoadQuadword(cpu, op));

    /// <summary>VMOVQ xmm/m64, xmm.</summary>
    public static StepStatus StoreQuadword(CpuCore cpu, DecodedOp* op) => op->K0 == OperandKind.Memory
        ? SseMove.StoreQuadword(cpu, op)
        : AvxAccess.Cleared(cpu, op, SseMove.StoreQuadword(cpu, op));

    /// <summary>VMOVD and VMOVQ from a general register or memory.</summary>
    public static StepStatus FromGeneral<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        AvxAccess.Cleared(cpu, op, SseElementForms.FromGeneral<T>(cpu, op));

    /// <summary>VMOVLPS, VMOVLPD: a low half from memory, the high half of operand 1.</summary>
    public static StepStatus LoadLow(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && Operands.LoadMemory(cpu, op, out ulong value)
            ? AvxAccess.Write(cpu, op, Source(cpu, op).WithElement(0, value).AsByte())
            : StepStatus.Fault;

    /// <summary>VMOVHPS, VMOVHPD: a high half from memory, the low half of operand 1.</summary>
    public static StepStatus LoadHigh(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && Operands.LoadMemory(cpu, op, out ulong value)
            ? AvxAccess.Write(cpu, op, Source(cpu, op).WithElement(1, value).AsByte())
            : StepStatus.Fault;

    /// <summary>VMOVHLPS: the high halves of operands 2 and 1.</summary>
    public static StepStatus HighToLow(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        ulong high = SseAccess.Xmm(cpu.State, op->R2)->AsUInt64()[1];
        return AvxAccess.Write(cpu, op, Source(cpu, op).WithElement(0, high).AsByte());
    }

    /// <summary>VMOVLHPS: the low halves of operands 1 and 2.</summary>
    public static StepStatus LowToHigh(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        ulong low = SseAccess.Xmm(cpu.State, op->R2)->AsUInt64()[0];
        return AvxAccess.Write(cpu, op, Source(cpu, op).WithElement(1, low).AsByte());
    }

    /// <summary>VPINSRB, VPINSRW, VPINSRD, VPINSRQ into a copy of operand 1.</summary>
    public static StepStatus Insert<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        T element;
        if (op->K2 != OperandKind.Memory)
        {
            element = Gpr.Read<T>(cpu.State, op->R2);
        }
        else if (!Operands.LoadMemory(cpu, op, out element))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> source = *SseAccess.Xmm(cpu.State, op->R1);
        return AvxAccess.Write(cpu, op, VectorLane<T>.Insert(source, element, (byte)op->Imm));
    }

    /// <summary>VINSERTPS.</summary>
    public static StepStatus InsertSingleElement(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        uint element;
        if (op->K2 == OperandKind.Xmm)
        {
            element = InsertSingle.SelectSource(*SseAccess.Xmm(cpu.State, op->R2), (byte)op->Imm);
        }
        else if (!Operands.LoadMemory(cpu, op, out element))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> source = *SseAccess.Xmm(cpu.State, op->R1);
        return AvxAccess.Write(cpu, op, InsertSingle.Apply(source, element, (byte)op->Imm));
    }

    /// <summary>VZEROUPPER: bits 255:128 of all registers that the mode has.</summary>
    public static StepStatus ZeroUpper(CpuCore cpu, DecodedOp* op) => Zero(cpu, op, 1);

    /// <summary>VZEROALL.</summary>
    public static StepStatus ZeroAll(CpuCore cpu, DecodedOp* op) => Zero(cpu, op, 0);

    private static Vector128<ulong> Source(CpuCore cpu, DecodedOp* op) =>
        SseAccess.Xmm(cpu.State, op->R1)->AsUInt64();

    private static StepStatus Zero(CpuCore cpu, DecodedOp* op, int firstHalf)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        int count = Operands.Is64(op) ? 16 : 8;
        for (int i = 0; i < count; i++)
        {
            for (int half = firstHalf; half < 2; half++)
            {
                SseAccess.Xmm(cpu.State, i)[half] = default;
            }
        }

        return StepStatus.Next;
    }

    private static StepStatus Whole(CpuCore cpu, DecodedOp* op, bool aligned)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        if (op->K0 == OperandKind.Memory)
        {
            bool stored = AvxAccess.Store(
                cpu, op, op->K1 == OperandKind.Ymm, aligned, *AvxAccess.Ymm(s, op->R1));
            return stored ? StepStatus.Next : StepStatus.Fault;
        }

        bool wide = AvxAccess.IsWide(op);
        Vector256<byte> value = *AvxAccess.Ymm(s, op->R1);
        if (op->K1 == OperandKind.Memory && !AvxAccess.Load(cpu, op, wide, aligned, out value))
        {
            return StepStatus.Fault;
        }

        return wide
            ? AvxAccess.Write(cpu, op, value.GetLower(), value.GetUpper())
            : AvxAccess.Write(cpu, op, value.GetLower());
    }
}
