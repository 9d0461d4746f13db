using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// COMISS, COMISD, UCOMISS, UCOMISD: ZF, PF and CF from an ordering, OF, AF and SF cleared. An unmasked exception
/// leaves the flags alone.
/// </summary>
internal static unsafe class SseFloatOrder
{
    /// <summary>COMISS: IE for quiet NaNs too.</summary>
    public static StepStatus OrderedSingle(CpuCore cpu, DecodedOp* op) => Single(cpu, op, signalsQuiet: true);

    /// <summary>UCOMISS.</summary>
    public static StepStatus UnorderedSingle(CpuCore cpu, DecodedOp* op) => Single(cpu, op, signalsQuiet: false);

    /// <summary>COMISD: IE for quiet NaNs too.</summary>
    public static StepStatus OrderedDouble(CpuCore cpu, DecodedOp* op) => Double(cpu, op, signalsQuiet: true);

    /// <summary>UCOMISD.</summary>
    public static StepStatus UnorderedDouble(CpuCore cpu, DecodedOp* op) => Double(cpu, op, signalsQuiet: false);

    /// <summary>First word of the flags: 0 has ZF and PF, 1 has neither.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Result(bool equal) => equal ? 0UL : 1UL;

    /// <summary>Second word of the flags for ordered operands: of equal ones, PF is turned over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(bool equal, bool less) =>
        LazyFlags.Aux(less ? 1UL : 0UL, 0, 0) | (equal ? 0x100UL : 0UL);

    private static StepStatus Single(CpuCore cpu, DecodedOp* op, bool signalsQuiet)
    {
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceScalar(cpu, op, out float b))
        {
            return StepStatus.Fault;
        }

        float a = *(float*)SseAccess.Xmm(cpu.State, op->R0);
        if (SseFloatOrdinary.IsComparable(a) && SseFloatOrdinary.IsComparable(b))
        {
            return SetFlags(cpu, a == b, a < b, unordered: false);
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        FloatRelation relation = SoftBinaryComparison<Binary32Format>.Compare(
            BitConverter.SingleToUInt32Bits(a), BitConverter.SingleToUInt32Bits(b), signalsQuiet, ref status);
        return Finish(cpu, relation, status);
    }

    private static StepStatus Double(CpuCore cpu, DecodedOp* op, bool signalsQuiet)
    {
        if (!SseAccess.Enabled(cpu, op) || !SseAccess.SourceScalar(cpu, op, out double b))
        {
            return StepStatus.Fault;
        }

        double a = *(double*)SseAccess.Xmm(cpu.State, op->R0);
        if (SseFloatOrdinary.IsComparable(a) && SseFloatOrdinary.IsComparable(b))
        {
            return SetFlags(cpu, a == b, a < b, unordered: false);
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        FloatRelation relation = SoftBinaryComparison<Binary64Format>.Compare(
            BitConverter.DoubleToUInt64Bits(a), BitConverter.DoubleToUInt64Bits(b), signalsQuiet, ref status);
        return Finish(cpu, relation, status);
    }

    private static StepStatus Finish(CpuCore cpu, FloatRelation relation, in FloatStatus status)
    {
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        bool unordered = relation == FloatRelation.Unordered;
        return SetFlags(
            cpu, unordered || relation == FloatRelation.Equal, unordered || relation == FloatRelation.Less, unordered);
    }

    private static StepStatus SetFlags(CpuCore cpu, bool zero, bool carry, bool unordered)
    {
        CpuState* s = cpu.State;
        s->FlagResult = Result(zero);
        s->FlagAux = unordered ? LazyFlags.Aux(1, 0, 0) : Aux(zero, carry);
        return StepStatus.Next;
    }
}
