using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// What all VEX-encoded vector instructions share: whether they are enabled, YMM registers, operands of 16 or 32 bytes,
/// and the clearing of what lies above a 128-bit result. Memory operands need no alignment.
/// </summary>
internal static unsafe class AvxAccess
{
    private const ulong VectorState = XStateComponents.Sse | XStateComponents.Avx;

    /// <summary>
    /// #UD in real mode, without CR4.OSXSAVE or without XCR0's SSE and AVX bits, else #NM for CR0.TS (SDM vol. 2, 2.4,
    /// and vol. 1, 14.3).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Enabled(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        return ((s->Cr0 & ControlBits.Cr0Ts) | (~s->Cr0 & ControlBits.Cr0Pe) | (~s->Cr4 & ControlBits.Cr4OsXsave)
            | (~s->Xcr0 & VectorState)) == 0 || Refuse(cpu);
    }

    /// <summary>YMM register <paramref name="number"/>, 0..15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte>* Ymm(CpuState* s, int number) =>
        (Vector256<byte>*)((byte*)s->Vector + ((nuint)(uint)number << 5));

    /// <summary>The destination has 256 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWide(DecodedOp* op) => op->K0 == OperandKind.Ymm;

    /// <summary>Operand 1: a register or memory, the latter of as many bytes as the instruction has there.</summary>
    public static bool Source1(CpuCore cpu, DecodedOp* op, out Vector256<byte> value) =>
        Source(cpu, op, op->K1, op->R1, out value);

    /// <summary>Operand 2: a register or memory, the latter of as many bytes as the instruction has there.</summary>
    public static bool Source2(CpuCore cpu, DecodedOp* op, out Vector256<byte> value) =>
        Source(cpu, op, op->K2, op->R2, out value);

    /// <summary>Operand 2: the lowest lane of a register, or memory of that size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SourceScalar2<T>(CpuCore cpu, DecodedOp* op, out T value)
        where T : unmanaged
    {
        if (op->K2 == OperandKind.Xmm)
        {
            value = *(T*)Ymm(cpu.State, op->R2);
            return true;
        }

        return Operands.LoadMemory(cpu, op, out value);
    }

    /// <summary>Writes the whole destination.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StepStatus Write(CpuCore cpu, DecodedOp* op, Vector128<byte> low, Vector128<byte> high)
    {
        *Ymm(cpu.State, op->R0) = Vector256.Create(low, high);
        return StepStatus.Next;
    }

    /// <summary>Writes a 128-bit result and clears what lies above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StepStatus Write(CpuCore cpu, DecodedOp* op, Vector128<byte> low) =>
        Write(cpu, op, low, Vector128<byte>.Zero);

    /// <summary>After a form shared with the legacy instruction: clears what lies above its 128-bit result.</summary>
    public static StepStatus Cleared(CpuCore cpu, DecodedOp* op, StepStatus status)
    {
        if (status == StepStatus.Next)
        {
            SseAccess.Xmm(cpu.State, op->R0)[1] = default;
        }

        return status;
    }

    /// <summary>Loads 16 or 32 bytes; with <paramref name="aligned"/> #GP(0) off a boundary of that size.</summary>
    public static bool Load(CpuCore cpu, DecodedOp* op, bool wide, bool aligned, out Vector256<byte> value)
    {
        value = default;
        int size = wide ? 32 : 16;
        bool stack = Operands.Stack(op);
        if (!Address(cpu, op, size, false, aligned, out ulong linear))
        {
            return false;
        }

        if (wide)
        {
            return cpu.Mmu.Load(linear, stack, out value);
        }

        bool ok = cpu.Mmu.Load(linear, stack, out Vector128<byte> low);
        value = low.ToVector256();
        return ok;
    }

    /// <summary>Stores 16 or 32 bytes; with <paramref name="aligned"/> #GP(0) off a boundary of that size.</summary>
    public static bool Store(CpuCore cpu, DecodedOp* op, bool wide, bool aligned, Vector256<byte> value)
    {
        int size = wide ? 32 : 16;
        bool stack = Operands.Stack(op);
        return Address(cpu, op, size, true, aligned, out ulong linear)
            && (wide ? cpu.Mmu.Store(linear, stack, value) : cpu.Mmu.Store(linear, stack, value.GetLower()));
    }

    private static bool Source(CpuCore cpu, DecodedOp* op, OperandKind kind, int register, out Vector256<byte> value)
    {
        if (kind == OperandKind.Memory)
        {
            return op->MemoryBytes >= 16
                ? Load(cpu, op, op->MemoryBytes == 32, aligned: false, out value)
                : LoadPart(cpu, op, out value);
        }

        Vector256<byte>* source = Ymm(cpu.State, register);
        value = kind == OperandKind.Ymm ? *source : source->GetLower().ToVector256();
        return true;
    }

    /// <summary>Memory narrower than an XMM register.</summary>
    private static bool LoadPart(CpuCore cpu, DecodedOp* op, out Vector256<byte> value)
    {
        ulong part;
        bool ok;
        switch (op->MemoryBytes)
        {
            case 1:
                ok = Operands.LoadMemory(cpu, op, out byte bits8);
                part = bits8;
                break;
            case 2:
                ok = Operands.LoadMemory(cpu, op, out ushort bits16);
                part = bits16;
                break;
            case 4:
                ok = Operands.LoadMemory(cpu, op, out uint bits32);
                part = bits32;
                break;
            default:
                ok = Operands.LoadMemory(cpu, op, out part);
                break;
        }

        value = Vector256.CreateScalar(part).AsByte();
        return ok;
    }

    private static bool Address(CpuCore cpu, DecodedOp* op, int size, bool write, bool aligned, out ulong linear) => aligned
        ? SseAccess.AlignedAddress(cpu, op, size, write, out linear)
        : Operands.Address(cpu, op, size, write, out linear) && SseAccess.PassesAlignmentCheck(cpu, linear, size);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Refuse(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        bool undefined = !s->ProtectedMode || (s->Cr4 & ControlBits.Cr4OsXsave) == 0 || (~s->Xcr0 & VectorState) != 0;
        cpu.Fault(undefined ? Vector.InvalidOpcode : Vector.DeviceNotAvailable);
        return false;
    }
}
