using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// What all SSE instructions share: whether they are enabled, XMM registers, and 128-bit memory operands with their
/// alignment rules. A method that returns false has recorded the fault.
/// </summary>
internal static unsafe class SseAccess
{
    private const ulong Refusing = ControlBits.Cr0Em | ControlBits.Cr0Ts;

    /// <summary>#UD for CR0.EM or without CR4.OSFXSR, else #NM for CR0.TS (SDM vol. 3, 13.1 and 2.5).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Enabled(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        return ((s->Cr0 & Refusing) | (~s->Cr4 & ControlBits.Cr4OsFxsr)) == 0 || Refuse(cpu);
    }

    /// <summary>The same for forms that VEX-encoded instructions share, which have rules of their own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Enabled(CpuCore cpu, DecodedOp* op) =>
        (op->Prefixes & OpPrefixes.Vex) == 0 ? Enabled(cpu) : AvxAccess.Enabled(cpu);

    /// <summary>XMM register <paramref name="number"/>, 0..15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte>* Xmm(CpuState* s, int number) =>
        (Vector128<byte>*)((byte*)s->Vector + ((nuint)(uint)number << 5));

    /// <summary>
    /// Operand 1: a register, or memory that must lie on a 16-byte boundary unless MXCSR.MM says otherwise, which only
    /// AMD's processors have.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Source(CpuCore cpu, DecodedOp* op, out Vector128<byte> value)
    {
        if (op->K1 == OperandKind.Xmm)
        {
            value = *Xmm(cpu.State, op->R1);
            return true;
        }

        return (cpu.State->Mxcsr & SseControl.MisalignedMask) == 0
            ? LoadAligned(cpu, op, out value)
            : LoadUnaligned(cpu, op, out value);
    }

    /// <summary>Operand 1: a register, or memory that must lie on a 16-byte boundary whatever MXCSR.MM says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SourceAligned(CpuCore cpu, DecodedOp* op, out Vector128<byte> value)
    {
        if (op->K1 == OperandKind.Xmm)
        {
            value = *Xmm(cpu.State, op->R1);
            return true;
        }

        return LoadAligned(cpu, op, out value);
    }

    /// <summary>Operand 1: a register, or memory of any alignment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SourceUnaligned(CpuCore cpu, DecodedOp* op, out Vector128<byte> value)
    {
        if (op->K1 == OperandKind.Xmm)
        {
            value = *Xmm(cpu.State, op->R1);
            return true;
        }

        return LoadUnaligned(cpu, op, out value);
    }

    /// <summary>Operand 1: a register, or memory of that size at its low end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SourcePart<T>(CpuCore cpu, DecodedOp* op, out Vector128<byte> value)
        where T : unmanaged
    {
        if (op->K1 == OperandKind.Xmm)
        {
            value = *Xmm(cpu.State, op->R1);
            return true;
        }

        bool ok = Operands.LoadMemory(cpu, op, out T part);
        value = Vector128.CreateScalar(part).AsByte();
        return ok;
    }

    /// <summary>Operand 1: the lowest lane of a register, or memory of that size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SourceScalar<T>(CpuCore cpu, DecodedOp* op, out T value)
        where T : unmanaged
    {
        if (op->K1 == OperandKind.Xmm)
        {
            value = *(T*)Xmm(cpu.State, op->R1);
            return true;
        }

        return Operands.LoadMemory(cpu, op, out value);
    }

    /// <summary>The memory operand; #GP(0) unless it lies on a 16-byte boundary, whatever the segment.</summary>
    public static bool LoadAligned(CpuCore cpu, DecodedOp* op, out Vector128<byte> value)
    {
        Unsafe.SkipInit(out value);
        return AlignedAddress(cpu, op, sizeof(Vector128<byte>), false, out ulong linear)
            && cpu.Mmu.Load(linear, Operands.Stack(op), out value);
    }

    /// <summary>The memory operand of MOVUPS and its kin: #AC(0) at most.</summary>
    public static bool LoadUnaligned(CpuCore cpu, DecodedOp* op, out Vector128<byte> value)
    {
        Unsafe.SkipInit(out value);
        return Operands.Address(cpu, op, sizeof(Vector128<byte>), false, out ulong linear)
            && PassesAlignmentCheck(cpu, linear, 16)
            && cpu.Mmu.Load(linear, Operands.Stack(op), out value);
    }

    /// <summary>Stores to the memory operand; #GP(0) unless it lies on a 16-byte boundary.</summary>
    public static bool StoreAligned(CpuCore cpu, DecodedOp* op, Vector128<byte> value) =>
        AlignedAddress(cpu, op, sizeof(Vector128<byte>), true, out ulong linear)
        && cpu.Mmu.Store(linear, Operands.Stack(op), value);

    /// <summary>Stores to the memory operand of MOVUPS and its kin.</summary>
    public static bool StoreUnaligned(CpuCore cpu, DecodedOp* op, Vector128<byte> value) =>
        Operands.Address(cpu, op, sizeof(Vector128<byte>), true, out ulong linear)
        && PassesAlignmentCheck(cpu, linear, 16)
        && cpu.Mmu.Store(linear, Operands.Stack(op), value);

    /// <summary>
    /// Whether EFLAGS.AC lets a 16- or 32-byte access pass; the Mmu checks the narrower ones. On AMD's processors 32 bytes
    /// need lie on a boundary of 16 only.
    /// </summary>
    public static bool PassesAlignmentCheck(CpuCore cpu, ulong linear, int size)
    {
        uint last = (uint)(size - 1);
        uint within = cpu.Model.Vendor == CpuVendor.Amd ? 15 : last;

        // An address that isn't canonical is a worse fault, which the access itself finds.
        if ((linear & within) == 0 || !ChecksAlignment(cpu.State)
            || !cpu.Mmu.IsCanonical(linear) || !cpu.Mmu.IsCanonical(linear + last))
        {
            return true;
        }

        cpu.Fault(Vector.AlignmentCheck, 0);
        return false;
    }

    /// <summary>Alignment checks are on (SDM vol. 3, 6.15, "Interrupt 17").</summary>
    public static bool ChecksAlignment(CpuState* s) =>
        (s->SystemFlags & Flags.Ac) != 0 && s->Cpl == 3 && (s->Cr0 & ControlBits.Cr0Am) != 0;

    /// <summary>
    /// Linear address of a memory operand that must lie on a boundary of its size, else #GP(0): found before what its
    /// segment has against it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AlignedAddress(CpuCore cpu, DecodedOp* op, int size, bool write, out ulong linear)
    {
        bool inside = Operands.Address(cpu, op, size, write, out linear);
        if ((linear & (uint)(size - 1)) == 0)
        {
            return inside;
        }

        cpu.GeneralProtection();
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Refuse(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        bool undefined = (s->Cr0 & ControlBits.Cr0Em) != 0 || (s->Cr4 & ControlBits.Cr4OsFxsr) == 0;
        cpu.Fault(undefined ? Vector.InvalidOpcode : Vector.DeviceNotAvailable);
        return false;
    }
}
