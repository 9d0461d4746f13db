using System.Runtime.InteropServices;

namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>
/// The registers of 64-bit user code, before or after a snippet. The layout is <c>struct machine_state</c> of
/// Host/Harness/wire.h: it goes to the harness and comes back as it is.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MachineState
{
    public const int GprCount = 16;
    public const int VectorCount = 16;

    /// <summary>Words of one vector register: a YMM register.</summary>
    public const int VectorWords = 4;
    public const int StCount = 8;

    /// <summary>RAX RCX RDX RBX RSP RBP RSI RDI R8..R15.</summary>
    public fixed ulong Gpr[GprCount];
    public ulong Rip;
    public ulong Flags;
    public ulong FsBase;
    public ulong GsBase;
    public ushort Cs;
    public ushort Ss;
    public ushort Ds;
    public ushort Es;
    public ushort Fs;
    public ushort Gs;
    public uint Mxcsr;
    public ushort Fcw;
    public ushort Fsw;

    /// <summary>Abridged tags as in FXSAVE: bit i = physical register i is not empty.</summary>
    public ushort Ftw;
    public ushort Fop;
    public ulong Fip;
    public ulong Fdp;

    /// <summary>ST(0)..ST(7), two words each: the significand, then sign and exponent.</summary>
    public fixed ulong St[2 * StCount];

    /// <summary>YMM0..YMM15.</summary>
    public fixed ulong Vector[VectorCount * VectorWords];

    /// <summary>TOP of the x87 register stack.</summary>
    public readonly int Top => (Fsw >> 11) & 7;

    /// <summary>What Linux gives a new thread, and the bases that the recorded vectors have.</summary>
    public static MachineState Initial => new()
    {
        Rip = Layout.Code + 0x100,
        Flags = 0x202,
        GsBase = 0x4FFF_F000,
        Cs = 0x33,
        Ss = 0x2B,
        Mxcsr = 0x1F80,
        Fcw = 0x37F,
    };
}
