using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MOVD MOVQ MOVNTQ MASKMOVQ MOVQ2DQ MOVDQ2Q PINSRW PEXTRW PMOVMSKB EMMS (SDM vol. 2).</summary>
internal static unsafe class MmxMove
{
    /// <summary>MOVD, MOVQ to an MMX register from a general one or memory.</summary>
    public static StepStatus FromGeneral<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        MmxAccess.Begin(cpu) && Operands.Read1(cpu, op, out T value)
            ? Result(cpu, op, ulong.CreateTruncating(value))
            : StepStatus.Fault;

    /// <summary>MOVD, MOVQ from an MMX register to a general one or memory.</summary>
    public static StepStatus ToGeneral<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (!MmxAccess.Begin(cpu) || !Operands.Write0(cpu, op, T.CreateTruncating(MmxAccess.Read(cpu.State, op->R1))))
        {
            return StepStatus.Fault;
        }

        MmxAccess.Transition(cpu.State);
        return StepStatus.Next;
    }

    /// <summary>MOVQ mm, mm/m64.</summary>
    public static StepStatus Load(CpuCore cpu, DecodedOp* op) =>
        MmxAccess.Begin(cpu) && MmxAccess.Source(cpu, op, out ulong value)
            ? Result(cpu, op, value)
            : StepStatus.Fault;

    /// <summary>MOVQ mm/m64, mm and MOVNTQ.</summary>
    public static StepStatus Store(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu))
        {
            return StepStatus.Fault;
        }

        ulong value = MmxAccess.Read(cpu.State, op->R1);
        if (op->K0 == OperandKind.Mm)
        {
            return Result(cpu, op, value);
        }

        if (!Operands.StoreMemory(cpu, op, value))
        {
            return StepStatus.Fault;
        }

        MmxAccess.Transition(cpu.State);
        return StepStatus.Next;
    }

    /// <summary>MASKMOVQ: bytes with the mask's top bit set; with no such byte there is no access, but perhaps a fault.</summary>
    public static StepStatus MaskedStore(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        ulong data = MmxAccess.Read(s, op->R1);
        uint mask = SignBits(MmxAccess.Read(s, op->R2));

        // Whether the change of state comes before the fault, and whether no byte at all can fault, is up to the
        // implementation (SDM vol. 2, "MASKMOVQ"); so it is on AMD's.
        bool amd = cpu.Model.Vendor == CpuVendor.Amd;
        if (amd)
        {
            MmxAccess.Transition(s);
        }

        if ((mask != 0 || amd) && !StoreBytes(cpu, op, data, mask))
        {
            return StepStatus.Fault;
        }

        MmxAccess.Transition(s);
        return StepStatus.Next;
    }

    /// <summary>MOVQ2DQ.</summary>
    public static StepStatus ToXmm(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.BeginWithSse(cpu))
        {
            return StepStatus.Fault;
        }

        MmxAccess.Transition(cpu.State);
        *SseAccess.Xmm(cpu.State, op->R0) = MmxAccess.ToVector(MmxAccess.Read(cpu.State, op->R1));
        return StepStatus.Next;
    }

    /// <summary>MOVDQ2Q.</summary>
    public static StepStatus FromXmm(CpuCore cpu, DecodedOp* op) => MmxAccess.BeginWithSse(cpu)
        ? Result(cpu, op, SseAccess.Xmm(cpu.State, op->R1)->AsUInt64()[0])
        : StepStatus.Fault;

    /// <summary>PINSRW.</summary>
    public static StepStatus InsertWord(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu))
        {
            return StepStatus.Fault;
        }

        ushort word;
        if (op->K1 != OperandKind.Memory)
        {
            word = Gpr.Read<ushort>(cpu.State, op->R1);
        }
        else if (!Operands.LoadMemory(cpu, op, out word))
        {
            return StepStatus.Fault;
        }

        int shift = 16 * (int)(op->Imm & 3);
        ulong others = MmxAccess.Read(cpu.State, op->R0) & ~(0xFFFFUL << shift);
        return Result(cpu, op, others | ((ulong)word << shift));
    }

    /// <summary>PEXTRW.</summary>
    public static StepStatus ExtractWord(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu))
        {
            return StepStatus.Fault;
        }

        ulong value = MmxAccess.Read(cpu.State, op->R1) >> (16 * (int)(op->Imm & 3));
        Gpr.Write(cpu.State, op->R0, (ulong)(ushort)value);
        MmxAccess.Transition(cpu.State);
        return StepStatus.Next;
    }

    /// <summary>PMOVMSKB.</summary>
    public static StepStatus MoveMask(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, (ulong)SignBits(MmxAccess.Read(cpu.State, op->R1)));
        MmxAccess.Transition(cpu.State);
        return StepStatus.Next;
    }

    /// <summary>EMMS: all registers are empty for the x87 again; TOP is 0.</summary>
    public static StepStatus Empty(CpuCore cpu, DecodedOp* op)
    {
        if (!MmxAccess.Begin(cpu))
        {
            return StepStatus.Fault;
        }

        MmxAccess.Transition(cpu.State);
        cpu.State->Ftw = 0;
        return StepStatus.Next;
    }

    private static uint SignBits(ulong value) => MmxAccess.ToVector(value).ExtractMostSignificantBits();

    private static bool StoreBytes(CpuCore cpu, DecodedOp* op, ulong data, uint mask)
    {
        ulong offset = cpu.State->Gpr[Gpr.Rdi];
        offset = op->AddressWidth == 3 ? offset : op->AddressWidth == 2 ? (uint)offset : (ushort)offset;
        bool stack = Operands.Stack(op);
        ulong linear = offset;
        if ((op->Segment != SegmentIndex.Flat
                && !Segmentation.Linear(cpu, op->Segment, offset, 8, true, Operands.Is64(op), out linear))
            || !cpu.Mmu.PrepareStore(linear, 8, stack))
        {
            return false;
        }

        for (int i = 0; i < 8; i++)
        {
            if ((mask & (1u << i)) != 0)
            {
                cpu.Mmu.Store(linear + (uint)i, stack, (byte)(data >> (8 * i)));
            }
        }

        return true;
    }

    private static StepStatus Result(CpuCore cpu, DecodedOp* op, ulong value)
    {
        MmxAccess.Transition(cpu.State);
        MmxAccess.Write(cpu.State, op->R0, value);
        return StepStatus.Next;
    }
}
