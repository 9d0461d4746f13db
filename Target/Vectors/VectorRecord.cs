namespace KgdbSim.Target.Vectors;

/// <summary>What a recorded vector checks besides the general state, told by the fields that it has.</summary>
internal enum VectorFamily
{
    /// <summary>General-purpose and system instructions: no vector or x87 state recorded.</summary>
    Integer,

    /// <summary>XMM registers and MXCSR are recorded.</summary>
    Sse,

    /// <summary>The x87 state is recorded.</summary>
    X87,
}

/// <summary>x87 state as a vector has it.</summary>
internal sealed class VectorX87
{
    public ushort Control;
    public ushort Status;

    /// <summary>Abridged tags as in FXSAVE: bit i = physical register i is not empty.</summary>
    public byte Tags;

    /// <summary>Significands of ST(0)..ST(7).</summary>
    public readonly ulong[] Significand = new ulong[8];

    /// <summary>Sign and exponent of ST(0)..ST(7).</summary>
    public readonly ushort[] SignExponent = new ushort[8];

    public void CopyFrom(VectorX87 other)
    {
        Control = other.Control;
        Status = other.Status;
        Tags = other.Tags;
        other.Significand.CopyTo(Significand, 0);
        other.SignExponent.CopyTo(SignExponent, 0);
    }
}

/// <summary>The part of the machine that a vector sets up, and that it tells the end of.</summary>
internal sealed class VectorState
{
    public const int MemoryMax = 256;

    public ulong Rip;
    public ulong Flags;

    /// <summary>RAX RCX RDX RBX RSP RBP RSI RDI R8..R15.</summary>
    public readonly ulong[] Gpr = new ulong[16];

    /// <summary>The memory window's contents, <see cref="VectorRecord.MemoryLength"/> bytes.</summary>
    public readonly byte[] Memory = new byte[MemoryMax];

    /// <summary>XMM0..XMM15, two words each.</summary>
    public readonly ulong[] Xmm = new ulong[32];
    public uint Mxcsr;
    public readonly VectorX87 X87 = new();
}

/// <summary>
/// One recorded instruction: the state before, the state after, and what of it must not be compared. One object is
/// filled again and again by <see cref="VectorReader"/>.
/// </summary>
internal sealed class VectorRecord
{
    public const int CodeMax = 64;

    public long Id;

    /// <summary>Name of the operation with its operand size.</summary>
    public string Name = "";

    /// <summary>Why the record is special, or null.</summary>
    public string? Tag;

    public VectorFamily Family;
    public readonly byte[] Code = new byte[CodeMax];
    public int CodeLength;

    /// <summary>Linear address of the memory window.</summary>
    public ulong MemoryAddress;
    public int MemoryLength;

    public readonly VectorState Before = new();
    public readonly VectorState After = new();

    /// <summary>An exception ended the instruction (or the fetch behind it, see <see cref="NextFetch"/>).</summary>
    public bool HasException;
    public int ExceptionVector;
    public uint ErrorCode;

    /// <summary>CR2, for a page fault.</summary>
    public ulong Cr2;

    /// <summary>The instruction completed; fetching the next one raised the exception.</summary>
    public bool NextFetch;

    /// <summary>RFLAGS bits not to compare.</summary>
    public ulong UndefinedFlags;

    /// <summary>General registers not to compare: bit i = register i.</summary>
    public uint UndefinedGpr;

    /// <summary>x87 status bits not to compare.</summary>
    public ushort UndefinedStatus;

    public ReadOnlySpan<byte> Bytes => Code.AsSpan(0, CodeLength);
}
