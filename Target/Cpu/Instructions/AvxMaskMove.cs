using System.Numerics;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

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
        if (!AvxAccess.Enabled(cpu) || !Operands.Address(cpu, op, size, false, out ulong linear))
        {
            return StepStatus.Fault;
        }

        bool stack = Operands.Stack(op);
        Vector256<byte> mask = *AvxAccess.Ymm(cpu.State, op->R1);
        Vector256<T> result = default;
        for (int i = 0; i < size / sizeof(T); i++)
        {
            if (!IsChosen<T>(mask, i))
            {
                continue;
            }

            if (!cpu.Mmu.Load(linear + (uint)(i * sizeof(T)), stack, out T element))
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
        if (!AvxAccess.Enabled(cpu) || !Operands.Address(cpu, op, size, true, out ulong linear))
        {
            return StepStatus.Fault;
        }

        bool stack = Operands.Stack(op);
        Vector256<byte> mask = *AvxAccess.Ymm(cpu.State, op->R1);
        Vector256<T> data = AvxAccess.Ymm(cpu.State, op->R2)->As<byte, T>();
        int count = size / sizeof(T);
        for (int i = 0; i < count; i++)
        {
            if (IsChosen<T>(mask, i) && !cpu.Mmu.PrepareStore(linear + (uint)(i * sizeof(T)), sizeof(T), stack))
            {
                return StepStatus.Fault;
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (IsChosen<T>(mask, i))
            {
                cpu.Mmu.Store(linear + (uint)(i * sizeof(T)), stack, data[i]);
            }
        }

        return StepStatus.Next;
    }

    private static bool IsChosen<T>(Vector256<byte> mask, int element)
        where T : unmanaged, IBinaryInteger<T> =>
        (mask[((element + 1) * sizeof(T)) - 1] & 0x80) != 0;
}
