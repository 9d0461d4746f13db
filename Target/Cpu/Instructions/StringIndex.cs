using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>The registers of string instructions at the address size: rSI, rDI and the counter rCX (SDM vol. 1, 7.3.9).</summary>
internal static unsafe class StringIndex
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Get(CpuState* s, DecodedOp* op, int register) => Operands.Wrap(op, s->Gpr[register]);

    /// <summary>Writes at the address size: 32 bits clear the upper half, 16 keep the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(CpuState* s, DecodedOp* op, int register, ulong value)
    {
        switch (op->AddressWidth)
        {
            case 1:
                Gpr.Write(s, register, (ushort)value);
                break;
            case 2:
                Gpr.Write(s, register, (uint)value);
                break;
            default:
                s->Gpr[register] = value;
                break;
        }
    }

    /// <summary>Moves an index over <paramref name="count"/> elements, in the direction that DF says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Advance(CpuState* s, DecodedOp* op, int register, ulong count, int size)
    {
        ulong distance = count * (ulong)size;
        Set(s, op, register, s->Gpr[register] + (Backward(s) ? 0 - distance : distance));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Backward(CpuState* s) => (s->SystemFlags & Flags.Df) != 0;

    /// <summary>Linear address of the element at rSI, whose segment may be overridden.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Source(CpuCore cpu, DecodedOp* op, int size, out ulong linear) =>
        Operands.Linear(cpu, op, Get(cpu.State, op, Gpr.Rsi), size, false, out linear);

    /// <summary>Linear address of the element at ES:rDI, whose segment may not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Destination(CpuCore cpu, DecodedOp* op, int size, bool write, out ulong linear)
    {
        linear = Get(cpu.State, op, Gpr.Rdi);
        return Operands.Is64(op)
            || Segmentation.Linear(cpu, SegmentIndex.Es, linear, size, write, false, out linear);
    }

    /// <summary>
    /// Elements that can be worked on at once at these addresses: those that lie whole in the page, going upwards, with no
    /// limit to check and no wrapping of the index. 0 if there is none such.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BulkCount(CpuState* s, DecodedOp* op, ulong count, ulong linear, int size)
    {
        if (op->AddressWidth != 3 || Backward(s))
        {
            return 0;
        }

        ulong room = Memory.PhysicalPage.Size - (linear & Memory.PhysicalPage.OffsetMask);
        return Math.Min(count, room / (uint)size);
    }
}
