using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Moves of 64-bit halves, the other half staying as it is, and MASKMOVDQU.</summary>
internal static unsafe class SseMoveHalf
{
    /// <summary>MOVLPS, MOVLPD xmm, m64.</summary>
    public static StepStatus LoadLow(CpuCore cpu, DecodedOp* op) => Load(cpu, op, 0);

    /// <summary>MOVHPS, MOVHPD xmm, m64.</summary>
    public static StepStatus LoadHigh(CpuCore cpu, DecodedOp* op) => Load(cpu, op, 1);

    /// <summary>MOVLPS, MOVLPD m64, xmm.</summary>
    public static StepStatus StoreLow(CpuCore cpu, DecodedOp* op) => Store(cpu, op, 0);

    /// <summary>MOVHPS, MOVHPD m64, xmm.</summary>
    public static StepStatus StoreHigh(CpuCore cpu, DecodedOp* op) => Store(cpu, op, 1);

    /// <summary>MOVHLPS: the source's high half to the low half.</summary>
    public static StepStatus HighToLow(CpuCore cpu, DecodedOp* op) => Between(cpu, op, 1, 0);

    /// <summary>MOVLHPS: the source's low half to the high half.</summary>
    public static StepStatus LowToHigh(CpuCore cpu, DecodedOp* op) => Between(cpu, op, 0, 1);

    /// <summary>
    /// MASKMOVDQU: the bytes whose mask byte has its top bit set, to DS:rDI. All faults that a 16-byte store could have are
    /// found first; with a mask of zero there are none, but on AMD's processors, for whose alignment checks the store is one
    /// of two words (implementation-specific, SDM vol. 2A).
    /// </summary>
    public static StepStatus MaskedStore(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        byte* data = (byte*)SseAccess.Xmm(s, op->R1);
        uint mask = SignMask<byte>.Extract(*SseAccess.Xmm(s, op->R2));
        ulong offset = s->Gpr[Gpr.Rdi];
        offset = op->AddressWidth == 3 ? offset : op->AddressWidth == 2 ? (uint)offset : (ushort)offset;
        bool stack = Operands.Stack(op);
        bool amd = cpu.Model.Vendor == CpuVendor.Amd;
        if (mask == 0 && !amd)
        {
            return StepStatus.Next;
        }

        ulong linear = offset;
        if ((op->Segment != SegmentIndex.Flat
                && !Segmentation.Linear(cpu, op->Segment, offset, 16, true, Operands.Is64(op), out linear))
            || ((!amd || (linear & 7) != 0) && !SseAccess.PassesAlignmentCheck(cpu, linear, 16))
            || !cpu.Mmu.PrepareStore(linear, 16, stack))
        {
            return StepStatus.Fault;
        }

        for (int i = 0; i < 16; i++)
        {
            if ((mask & (1u << i)) != 0)
            {
                cpu.Mmu.Store(linear + (uint)i, stack, data[i]);
            }
        }

        return StepStatus.Next;
    }

    private static ulong* Half(CpuState* s, int register, int half) => (ulong*)SseAccess.Xmm(s, register) + half;

    private static StepStatus Load(CpuCore cpu, DecodedOp* op, int half)
    {
        if (!SseAccess.Enabled(cpu, op) || !Operands.LoadMemory(cpu, op, out ulong value))
        {
            return StepStatus.Fault;
        }

        *Half(cpu.State, op->R0, half) = value;
        return StepStatus.Next;
    }

    private static StepStatus Store(CpuCore cpu, DecodedOp* op, int half)
    {
        if (!SseAccess.Enabled(cpu, op) || !Operands.StoreMemory(cpu, op, *Half(cpu.State, op->R1, half)))
        {
            return StepStatus.Fault;
        }

        return StepStatus.Next;
    }

    private static StepStatus Between(CpuCore cpu, DecodedOp* op, int from, int to)
    {
        if (!SseAccess.Enabled(cpu, op))
        {
            return StepStatus.Fault;
        }

        *Half(cpu.State, op->R0, to) = *Half(cpu.State, op->R1, from);
        return StepStatus.Next;
    }
}
