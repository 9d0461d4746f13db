using System.Numerics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>How many elements a gather has; a type argument.</summary>
internal interface IElementCount
{
    static abstract int Value { get; }
}

/// <summary>2 elements.</summary>
internal readonly struct TwoElements : IElementCount
{
    public static int Value => 2;
}

/// <summary>4 elements.</summary>
internal readonly struct FourElements : IElementCount
{
    public static int Value => 4;
}

/// <summary>8 elements.</summary>
internal readonly struct EightElements : IElementCount
{
    public static int Value => 8;
}

/// <summary>
/// VGATHERDPS, VPGATHERDD and their kin. An element is loaded where its mask is negative, and its mask then cleared; a
/// fault leaves the elements before it done, so that the instruction goes on where it stopped. No alignment is asked for,
/// EFLAGS.AC or not (SDM vol. 2, VPGATHERDD).
/// </summary>
internal static unsafe class AvxGather
{
    /// <summary>Signed indices and elements of the given widths.</summary>
    public static StepStatus Run<TIndex, TElement, TCount>(CpuCore cpu, DecodedOp* op)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TElement : unmanaged, IBinaryInteger<TElement>
        where TCount : IElementCount
    {
        // Destination, index and mask must be three registers (SDM vol. 2, 2.4.7).
        if (op->R0 == op->Index || op->R0 == op->R2 || op->R2 == op->Index)
        {
            return cpu.InvalidOpcode();
        }

        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        var target = (TElement*)AvxAccess.Ymm(s, op->R0);
        var mask = (TElement*)AvxAccess.Ymm(s, op->R2);
        var index = (TIndex*)AvxAccess.Ymm(s, op->Index);
        int count = TCount.Value;
        for (int i = 0; i < count; i++)
        {
            bool chosen = TElement.IsNegative(mask[i]);
            if (chosen)
            {
                if (!Element(cpu, op, long.CreateTruncating(index[i]), out TElement element))
                {
                    // What has been loaded is kept and its mask is clear.
                    return StepStatus.Fault;
                }

                target[i] = element;
            }

            mask[i] = TElement.Zero;
        }

        int used = count * sizeof(TElement);
        new Span<byte>((byte*)target + used, 32 - used).Clear();
        new Span<byte>((byte*)mask + used, 32 - used).Clear();
        return StepStatus.Next;
    }

    private static bool Element<T>(CpuCore cpu, DecodedOp* op, long index, out T value)
        where T : unmanaged
    {
        CpuState* s = cpu.State;
        ulong offset = s->Gpr[op->Base] + ((ulong)index << op->Scale) + op->Disp;
        offset = op->AddressWidth == 3 ? offset : (uint)offset;
        ulong linear = offset;
        T loaded = default;
        bool ok = (op->Segment == SegmentIndex.Flat
                || Segmentation.Linear(cpu, op->Segment, offset, sizeof(T), false, Operands.Is64(op), out linear))
            && AvxMaskMove.LoadElement(cpu, linear, Operands.Stack(op), out loaded);
        value = loaded;
        return ok;
    }
}
