using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// Operands for the general forms: effective addresses, segments, loads, stores and read-modify-write. A method that
/// returns false has recorded the fault; the instruction then returns <see cref="StepStatus.Fault"/> and must not have
/// changed any register or memory before.
/// </summary>
internal static unsafe class Operands
{
    /// <summary>The offset part of the memory operand, wrapped to the address size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Offset(CpuState* s, DecodedOp* op) =>
        Wrap(op, s->Gpr[op->Base] + (s->Gpr[op->Index] << op->Scale) + op->Disp);

    /// <summary>
    /// Linear address of the memory operand, the segment's limit and rights checked where the mode has them.
    /// </summary>
    /// <param name="size">Bytes accessed, for the limit.</param>
    public static bool Address(CpuCore cpu, DecodedOp* op, int size, bool write, out ulong linear) =>
        Linear(cpu, op, Offset(cpu.State, op), size, write, out linear);

    /// <summary>The same for an offset that the instruction computes by itself (BT with a register, XLAT).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Linear(CpuCore cpu, DecodedOp* op, ulong offset, int size, bool write, out ulong linear)
    {
        if (op->Segment == SegmentIndex.Flat)
        {
            linear = offset;
            return true;
        }

        return Segmentation.Linear(cpu, op->Segment, offset, size, write, Is64(op), out linear);
    }

    /// <summary>An offset cut to the address size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Wrap(DecodedOp* op, ulong offset) =>
        op->AddressWidth == 3 ? offset : op->AddressWidth == 2 ? (uint)offset : (ushort)offset;

    /// <summary>Decoded for 64-bit mode.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is64(DecodedOp* op) => (op->Prefixes & OpPrefixes.Mode64) != 0;

    /// <summary>The memory operand goes through SS: its faults are #SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Stack(DecodedOp* op) => (op->Prefixes & OpPrefixes.StackSegment) != 0;

    /// <summary>Loads the memory operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LoadMemory<T>(CpuCore cpu, DecodedOp* op, out T value)
        where T : unmanaged
    {
        Unsafe.SkipInit(out value);
        return Address(cpu, op, sizeof(T), false, out ulong linear) && cpu.Mmu.Load(linear, Stack(op), out value);
    }

    /// <summary>Stores the memory operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool StoreMemory<T>(CpuCore cpu, DecodedOp* op, T value)
        where T : unmanaged =>
        Address(cpu, op, sizeof(T), true, out ulong linear) && cpu.Mmu.Store(linear, Stack(op), value);

    /// <summary>Reads a general register operand of kind Gpr*.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Register<T>(CpuState* s, OperandKind kind, int register)
        where T : unmanaged, IBinaryInteger<T> =>
        sizeof(T) == 1 && kind == OperandKind.Gpr8High
            ? T.CreateTruncating(Gpr.ReadHigh(s, register))
            : Gpr.Read<T>(s, register);

    /// <summary>Writes a general register operand of kind Gpr*.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetRegister<T>(CpuState* s, OperandKind kind, int register, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (sizeof(T) == 1 && kind == OperandKind.Gpr8High)
        {
            Gpr.WriteHigh(s, register, Unsafe.BitCast<T, byte>(value));
        }
        else
        {
            Gpr.Write(s, register, value);
        }
    }

    /// <summary>Reads operand 0: a general register or memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read0<T>(CpuCore cpu, DecodedOp* op, out T value)
        where T : unmanaged, IBinaryInteger<T> => Read(cpu, op, op->K0, op->R0, out value);

    /// <summary>Reads operand 1: a general register, memory or an immediate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read1<T>(CpuCore cpu, DecodedOp* op, out T value)
        where T : unmanaged, IBinaryInteger<T> => Read(cpu, op, op->K1, op->R1, out value);

    /// <summary>Reads operand 2: a general register, memory or an immediate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read2<T>(CpuCore cpu, DecodedOp* op, out T value)
        where T : unmanaged, IBinaryInteger<T> => Read(cpu, op, op->K2, op->R2, out value);

    /// <summary>Writes operand 0: a general register or memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Write0<T>(CpuCore cpu, DecodedOp* op, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K0 == OperandKind.Memory)
        {
            return StoreMemory(cpu, op, value);
        }

        SetRegister(cpu.State, op->K0, op->R0, value);
        return true;
    }

    /// <summary>
    /// Reads operand 0 for modification: when it is memory, every fault that writing it back could have is found first.
    /// </summary>
    /// <param name="linear">To be handed to <see cref="Commit0"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update0<T>(CpuCore cpu, DecodedOp* op, out T value, out ulong linear)
        where T : unmanaged, IBinaryInteger<T>
    {
        linear = 0;
        if (op->K0 != OperandKind.Memory)
        {
            value = Register<T>(cpu.State, op->K0, op->R0);
            return true;
        }

        Unsafe.SkipInit(out value);
        return Address(cpu, op, sizeof(T), true, out linear)
            && cpu.Mmu.PrepareStore(linear, sizeof(T), Stack(op))
            && cpu.Mmu.Load(linear, Stack(op), out value);
    }

    /// <summary>Writes back what <see cref="Update0"/> read; cannot fail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Commit0<T>(CpuCore cpu, DecodedOp* op, ulong linear, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K0 != OperandKind.Memory)
        {
            SetRegister(cpu.State, op->K0, op->R0, value);
        }
        else
        {
            cpu.Mmu.Store(linear, Stack(op), value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Read<T>(CpuCore cpu, DecodedOp* op, OperandKind kind, int register, out T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (kind == OperandKind.Memory)
        {
            return LoadMemory(cpu, op, out value);
        }

        value = kind == OperandKind.Immediate
            ? T.CreateTruncating(op->Imm)
            : Register<T>(cpu.State, kind, register);
        return true;
    }
}
