using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM: operands, results and flags. Memory may be unaligned.</summary>
internal static unsafe class SseStringForms
{
    /// <summary>PCMPISTRI.</summary>
    public static StepStatus ImplicitIndex(CpuCore cpu, DecodedOp* op) =>
        CompareImplicit(cpu, op, out StringMatch result) ? Index(cpu, op, result) : StepStatus.Fault;

    /// <summary>PCMPISTRM.</summary>
    public static StepStatus ImplicitMask(CpuCore cpu, DecodedOp* op) =>
        CompareImplicit(cpu, op, out StringMatch result) ? Mask(cpu, op, result) : StepStatus.Fault;

    /// <summary>PCMPESTRI with lengths in EAX and EDX.</summary>
    public static StepStatus ExplicitIndex(CpuCore cpu, DecodedOp* op) =>
        CompareExplicit(cpu, op, false, out StringMatch result) ? Index(cpu, op, result) : StepStatus.Fault;

    /// <summary>PCMPESTRI with REX.W: lengths in RAX and RDX.</summary>
    public static StepStatus ExplicitIndex64(CpuCore cpu, DecodedOp* op) =>
        CompareExplicit(cpu, op, true, out StringMatch result) ? Index(cpu, op, result) : StepStatus.Fault;

    /// <summary>PCMPESTRM with lengths in EAX and EDX.</summary>
    public static StepStatus ExplicitMask(CpuCore cpu, DecodedOp* op) =>
        CompareExplicit(cpu, op, false, out StringMatch result) ? Mask(cpu, op, result) : StepStatus.Fault;

    /// <summary>PCMPESTRM with REX.W: lengths in RAX and RDX.</summary>
    public static StepStatus ExplicitMask64(CpuCore cpu, DecodedOp* op) =>
        CompareExplicit(cpu, op, true, out StringMatch result) ? Mask(cpu, op, result) : StepStatus.Fault;

    private static bool CompareImplicit(CpuCore cpu, DecodedOp* op, out StringMatch result)
    {
        result = default;
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceUnaligned(cpu, op, out Vector128<byte> second))
        {
            return false;
        }

        result = PackedStringCompare.Implicit(*SseAccess.Xmm(cpu.State, op->R0), second, (byte)op->Imm);
        return true;
    }

    private static bool CompareExplicit(CpuCore cpu, DecodedOp* op, bool wide, out StringMatch result)
    {
        result = default;
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceUnaligned(cpu, op, out Vector128<byte> second))
        {
            return false;
        }

        CpuState* s = cpu.State;
        long firstLength = wide ? (long)s->Gpr[Gpr.Rax] : (int)s->Gpr[Gpr.Rax];
        long secondLength = wide ? (long)s->Gpr[Gpr.Rdx] : (int)s->Gpr[Gpr.Rdx];
        result = PackedStringCompare.Explicit(
            *SseAccess.Xmm(s, op->R0), second, firstLength, secondLength, (byte)op->Imm);
        return true;
    }

    private static StepStatus Index(CpuCore cpu, DecodedOp* op, StringMatch result)
    {
        Gpr.Write(cpu.State, Gpr.Rcx, PackedStringCompare.Index(result.Mask, (byte)op->Imm));
        return SetFlags(cpu, result);
    }

    private static StepStatus Mask(CpuCore cpu, DecodedOp* op, StringMatch result)
    {
        *SseAccess.Xmm(cpu.State, 0) = PackedStringCompare.ExpandMask(result.Mask, (byte)op->Imm);
        return SetFlags(cpu, result);
    }

    private static StepStatus SetFlags(CpuCore cpu, StringMatch result)
    {
        ulong flags = (result.Mask != 0 ? Flags.Cf : 0)
            | (result.SecondIsShort ? Flags.Zf : 0)
            | (result.FirstIsShort ? Flags.Sf : 0)
            | ((result.Mask & 1) != 0 ? Flags.Of : 0);
        (cpu.State->FlagResult, cpu.State->FlagAux) = LazyFlags.FromStatus(flags);
        return StepStatus.Next;
    }
}
