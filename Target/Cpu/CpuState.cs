using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Cpu;

/// <summary>What a logical processor does when it is given a turn (SDM vol. 3, 25.4.2 "activity state").</summary>
internal enum ActivityState : byte
{
    Running,

    /// <summary>After HLT or MWAIT: until an interrupt, NMI, INIT or reset.</summary>
    Halted,

    /// <summary>After INIT on an application processor: until a start-up IPI.</summary>
    WaitForSipi,

    /// <summary>After a triple fault: until INIT or reset.</summary>
    Shutdown,
}

/// <summary>The address-range monitor of a processor (SDM vol. 3, 9.10.4).</summary>
internal enum MonitorState : byte
{
    Off,

    /// <summary>MONITOR named a line, MWAIT may wait for it.</summary>
    Armed,

    /// <summary>MWAIT waits: a change of the line ends <see cref="ActivityState.Halted"/>.</summary>
    Waiting,

    /// <summary>The same, and a masked interrupt ends it too.</summary>
    WaitingBreakable,
}

/// <summary>
/// The whole architectural state of one logical processor, in native memory so that handlers reach it by pointer, and
/// copyable by assignment, which is what a snapshot does.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CpuState
{
    /// <summary>Index in <see cref="Gpr"/> of a register that is always zero: a base or index that isn't there.</summary>
    public const int ZeroRegister = 16;

    /// <summary>RAX RCX RDX RBX RSP RBP RSI RDI R8..R15, then <see cref="ZeroRegister"/>.</summary>
    public fixed ulong Gpr[17];

    /// <summary>Instruction pointer: an offset in CS, so in 64-bit mode a linear address.</summary>
    public ulong Rip;

    /// <summary>First word of the status flags, see <see cref="LazyFlags"/>.</summary>
    public ulong FlagResult;

    /// <summary>Second word of the status flags, see <see cref="LazyFlags"/>.</summary>
    public ulong FlagAux;

    /// <summary>RFLAGS without the six status flags; bit 1 is always set. Change it through <c>CpuCore</c>.</summary>
    public ulong SystemFlags;

    /// <summary>Current privilege level, 0..3.</summary>
    public byte Cpl;

    public ActivityState Activity;

    /// <summary>Interrupts are held off until after the next instruction: the one before was STI (SDM vol. 3, 6.8.3).</summary>
    public byte StiShadow;

    /// <summary>Interrupts and debug traps are held off: the instruction before was MOV SS or POP SS.</summary>
    public byte MovSsShadow;

    /// <summary>NMIs are blocked until IRET (SDM vol. 3, 6.7.1).</summary>
    public byte NmiBlocked;

    /// <summary>
    /// The instruction at RIP is a string instruction that has done some iterations and not all: execution breakpoints
    /// there are behind it, and what interrupts it may push RF (SDM vol. 3, 18.3.1.1).
    /// </summary>
    public byte Repeating;

    /// <summary>What MONITOR and MWAIT have been through, see <see cref="MonitorState"/>.</summary>
    public MonitorState Monitor;

    public ulong Cr0;
    public ulong Cr2;
    public ulong Cr3;
    public ulong Cr4;
    public ulong Cr8;
    public ulong Efer;
    public ulong Xcr0;

    /// <summary>DR0-DR3.</summary>
    public fixed ulong Dr[4];

    public ulong Dr6;
    public ulong Dr7;

    /// <summary>Causes of a debug trap that are to be reported at the next instruction boundary, as DR6 bits.</summary>
    public ulong PendingDebug;

    public SegmentRegister Es, Cs, Ss, Ds, Fs, Gs, Ldtr, Tr;

    public ulong GdtrBase;
    public ulong IdtrBase;
    public ushort GdtrLimit;
    public ushort IdtrLimit;

    /// <summary>IA32_TSC minus the step count.</summary>
    public ulong TscOffset;

    public ulong ApicBase;
    public ulong Star;
    public ulong LStar;
    public ulong CStar;
    public ulong SFMask;
    public ulong KernelGsBase;
    public ulong TscAux;
    public ulong Pat;
    public ulong DebugCtl;
    public ulong SysenterCs;
    public ulong SysenterEsp;
    public ulong SysenterEip;
    public ulong MiscEnable;
    public ulong MtrrDefType;
    public ulong TscDeadline;

    /// <summary>Physical address of the monitored line, and a digest of the bytes it held when MONITOR looked.</summary>
    public ulong MonitorLine;

    /// <inheritdoc cref="MonitorLine"/>
    public ulong MonitorDigest;

    public uint Mxcsr;

    /// <summary>x87 control word.</summary>
    public ushort Fcw;

    /// <summary>x87 status word, TOP included.</summary>
    public ushort Fsw;

    /// <summary>Abridged tags as in FXSAVE: bit i = physical register i is not empty.</summary>
    public byte Ftw;

    /// <summary>Last x87 opcode (11 bits).</summary>
    public ushort Fop;

    /// <summary>Last x87 instruction's CS and data segment selectors.</summary>
    public ushort Fcs, Fds;

    /// <summary>Last x87 instruction pointer.</summary>
    public ulong Fip;

    /// <summary>Last x87 data pointer.</summary>
    public ulong Fdp;

    /// <summary>Physical x87 registers R0-R7, 16 bytes each: significand, then sign and exponent, then padding. MMX
    /// aliases the significands.</summary>
    public fixed ulong X87[16];

    /// <summary>What RDRAND and RDSEED draw from: part of the state, so that a snapshot has it.</summary>
    public Prng Random;

    /// <summary>YMM0-YMM15, 32 bytes each; XMMn is the lower half of register n.</summary>
    public fixed ulong Vector[64];

    /// <summary>Segment register by its encoding, <see cref="SegmentIndex.Ldtr"/> and <see cref="SegmentIndex.Tr"/> included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SegmentRegister* Segment(CpuState* s, SegmentIndex index) => &s->Es + (int)index;

    /// <summary>RFLAGS as PUSHF would show it.</summary>
    public readonly ulong Rflags => SystemFlags | LazyFlags.ToStatus(FlagResult, FlagAux);

    /// <summary>64-bit mode proper: long mode is active and CS is a 64-bit segment.</summary>
    public readonly bool Is64Bit => (Efer & ControlBits.EferLma) != 0 && Cs.Long;

    public readonly bool ProtectedMode => (Cr0 & ControlBits.Cr0Pe) != 0;
}
