using System.Runtime.InteropServices;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>What an operand is, the register's number being beside it.</summary>
internal enum OperandKind : byte
{
    None,
    Gpr8,

    /// <summary>AH, CH, DH or BH: bits 15:8 of register 0..3.</summary>
    Gpr8High,
    Gpr16,
    Gpr32,
    Gpr64,
    Memory,
    Immediate,

    /// <summary>A near branch target, absolute, in <see cref="DecodedOp.Imm"/>.</summary>
    Branch,

    /// <summary>A far pointer in <see cref="DecodedOp.Imm"/>: the selector above bit 32, the offset below.</summary>
    FarBranch,
    Segment,
    Control,
    Debug,
    Mm,
    Xmm,
    Ymm,
    St,

    /// <summary>DS:rSI (or overridden) and ES:rDI of string instructions.</summary>
    StringSource,
    StringDestination,
}

/// <summary>Prefixes that an instruction's meaning depends on.</summary>
[Flags]
internal enum OpPrefixes : byte
{
    None = 0,
    Lock = 1,
    Rep = 2,
    RepNe = 4,

    /// <summary>The default segment of the memory operand is SS: its faults are #SS, not #GP (SDM vol. 1, 3.7.4).</summary>
    StackSegment = 8,

    /// <summary>Decoded for 64-bit mode.</summary>
    Mode64 = 16,

    /// <summary>A VEX-encoded instruction: clears the upper vector lanes.</summary>
    Vex = 32,
}

/// <summary>
/// One decoded instruction: what runs it and everything it needs to know, in one cache line. Lives in native memory, in
/// a row with its block's other instructions: the next one is at <c>op + 1</c>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct DecodedOp
{
    /// <summary>The threaded handler: does this instruction and goes on to the next.</summary>
    [FieldOffset(0)]
    public delegate*<CpuCore, CpuState*, DecodedOp*, long, ulong, ulong, int> Handler;

    /// <summary>The general form: does this one instruction and says how it ended. Complete in every mode.</summary>
    [FieldOffset(8)]
    public delegate*<CpuCore, DecodedOp*, StepStatus> Execute;

    /// <summary>The immediate, sign-extended to 64 bits, or the branch target, or an x87 instruction's opcode.</summary>
    [FieldOffset(16)]
    public ulong Imm;

    /// <summary>RIP of the instruction.</summary>
    [FieldOffset(24)]
    public ulong Rip;

    /// <summary>Displacement, sign-extended; a RIP-relative operand has its whole address here.</summary>
    [FieldOffset(32)]
    public ulong Disp;

    /// <summary>First instruction of the block that a direct branch within the page leads to, once known.</summary>
    [FieldOffset(40)]
    public DecodedOp* Link;

    /// <summary>Base register, or <see cref="CpuState.ZeroRegister"/>.</summary>
    [FieldOffset(48)]
    public byte Base;

    /// <summary>Index register, or <see cref="CpuState.ZeroRegister"/>.</summary>
    [FieldOffset(49)]
    public byte Index;

    /// <summary>The index is shifted left by this.</summary>
    [FieldOffset(50)]
    public byte Scale;

    /// <summary>Segment of the memory operand; <see cref="SegmentIndex.Flat"/> where 64-bit mode ignores it.</summary>
    [FieldOffset(51)]
    public SegmentIndex Segment;

    /// <summary>Register numbers of operands 0..3.</summary>
    [FieldOffset(52)]
    public byte R0;

    [FieldOffset(53)]
    public byte R1;

    [FieldOffset(54)]
    public byte R2;

    [FieldOffset(55)]
    public byte R3;

    /// <summary>Kinds of operands 0..2.</summary>
    [FieldOffset(56)]
    public OperandKind K0;

    [FieldOffset(57)]
    public OperandKind K1;

    [FieldOffset(58)]
    public OperandKind K2;

    /// <summary>Bytes that the memory operand has, 0 if unknown or none.</summary>
    [FieldOffset(59)]
    public byte MemoryBytes;

    /// <summary>Bytes of the instruction.</summary>
    [FieldOffset(60)]
    public byte Length;

    /// <summary>Instructions of the block from this one to its end, this one included.</summary>
    [FieldOffset(61)]
    public byte Remaining;

    [FieldOffset(62)]
    public OpPrefixes Prefixes;

    /// <summary>log2 of the address size in bytes: 1, 2 or 3.</summary>
    [FieldOffset(63)]
    public byte AddressWidth;

    /// <summary>RIP of the instruction behind this one, not yet wrapped to the mode's width.</summary>
    public readonly ulong NextRip => Rip + Length;
}
