using System.Numerics;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// VMASKMOVPS, VMASKMOVPD, VPMASKMOVD, VPMASKMOVQ: only elements whose mask is negative are touched, and only they can
/// fault. No alignment is asked for, EFLAGS.AC or not.
/// </summary>
internal static unsafe class AvxMaskMove
{
    /// <summary>Into a register: elements masked out become 0.</summary>
    public static StepStatus Load<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        int size = AvxAccess.IsWide(op) ? 32 : 16;
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        bool stack = Operands.Stack(op);
        Vector256<byte> mask = *AvxAccess.Ymm(cpu.State, op->R1);
        Vector256<T> result = default;
        ulong linear = 0;
        if (IsAnyChosen<T>(mask, size) && !Operands.Address(cpu, op, size, false, out linear))
        {
            return StepStatus.Fault;
        }

        for (int i = 0; i < size / sizeof(T); i++)
        {
            if (!IsChosen<T>(mask, i))
            {
                continue;
            }

            if (!LoadElement(cpu, linear + (uint)(i * sizeof(T)), stack, out T element))
            {
                return StepStatus.Fault;
            }

            result = result.WithElement(i, element);
        }

        return AvxAccess.Write(cpu, op, result.GetLower().AsByte(), result.GetUpper().AsByte());
    }

    /// <summary>Out of a register: all that could fault is found before the first element is stored.</summary>
    public static StepStatus Store<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        int size = op->K1 == OperandKind.Ymm ? 32 : 16;
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        bool stack = Operands.Stack(op);
        Vector256<byte> mask = *AvxAccess.Ymm(cpu.State, op->R1);
        ulong linear = 0;
        if (IsAnyChosen<T>(mask, size) && !Operands.Address(cpu, op, size, true, out linear))
        {
            return StepStatus.Fault;
        }

        Vector256<T> data = AvxAccess.Ymm(cpu.State, op->R2)->As<byte, T>();
        int count = size / sizeof(T);
        for (int i = 0; i < count; i++)
        {
            if (IsChosen<T>(mask, i) && !CanStore(cpu, linear + (uint)(i * sizeof(T)), sizeof(T), stack))
            {
                return StepStatus.Fault;
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (IsChosen<T>(mask, i))
            {
                StoreElement(cpu, linear + (uint)(i * sizeof(T)), stack, data[i]);
            }
        }

        return StepStatus.Next;
    }

    /// <summary>One access where the element lies on its boundary, else byte by byte, which #AC does not mind.</summary>
    public static bool LoadElement<T>(CpuCore cpu, ulong linear, bool stack, out T value)
        where T : unmanaged
    {
        if ((linear & (uint)(sizeof(T) - 1)) == 0)
        {
            return cpu.Mmu.Load(linear, stack, out value);
        }

        T result = default;
        value = default;
        ulong last = linear + (uint)(sizeof(T) - 1);
        if (!cpu.Mmu.IsCanonical(last) && !cpu.Mmu.PrepareLoad(last, 1, stack))
        {
            return false;
        }

        for (int i = 0; i < sizeof(T); i++)
        {
            if (!cpu.Mmu.Load(linear + (uint)i, stack, out ((byte*)&result)[i]))
            {
                return false;
            }
        }

        value = result;
        return true;
    }

    /// <summary>Its end not canonical, its first page, its second page: the order in which any access meets its faults.</summary>
    private static bool CanStore(CpuCore cpu, ulong linear, int size, bool stack)
    {
        ulong last = linear + (uint)(size - 1);
        return (cpu.Mmu.IsCanonical(last) || cpu.Mmu.PrepareStore(last, 1, stack))
            && cpu.Mmu.PrepareStore(linear, 1, stack)
            && cpu.Mmu.PrepareStore(Math.Max(linear, last & ~PhysicalPage.OffsetMask), 1, stack);
    }

    private static void StoreElement<T>(CpuCore cpu, ulong linear, bool stack, T value)
        where T : unmanaged
    {
        if ((linear & (uint)(sizeof(T) - 1)) == 0)
        {
            cpu.Mmu.Store(linear, stack, value);
            return;
        }

        for (int i = 0; i < sizeof(T); i++)
        {
            cpu.Mmu.Store(linear + (uint)i, stack, ((byte*)&value)[i]);
        }
    }

    private static bool IsAnyChosen<T>(Vector256<byte> mask, int size)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool any = false;
        for (int i = 0; i < size / sizeof(T); i++)
        {
            any |= IsChosen<T>(mask, i);
        }

        return any;
    }

    private static bool IsChosen<T>(Vector256<byte> mask, int element)
        where T : unmanaged, IBinaryInteger<T> =>
        (mask[((element + 1) * sizeof(T)) - 1] & 0x80) != 0;
}
