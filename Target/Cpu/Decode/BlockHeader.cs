using System.Runtime.InteropServices;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>What stands in front of a block's first <see cref="DecodedOp"/>, in the place of one.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct BlockHeader
{
    /// <summary>Instructions in the block.</summary>
    [FieldOffset(0)]
    public long Count;

    /// <summary>RIP of the first instruction.</summary>
    [FieldOffset(8)]
    public ulong Rip;

    /// <summary>Physical address of the page that the block was decoded from.</summary>
    [FieldOffset(16)]
    public ulong Physical;

    /// <summary>Physical address of the page that its only instruction runs over into, or all ones.</summary>
    [FieldOffset(24)]
    public ulong SecondPhysical;

    /// <summary>Next block in the same hash bucket.</summary>
    [FieldOffset(32)]
    public BlockHeader* NextInBucket;

    /// <summary>Next block decoded from the same page.</summary>
    [FieldOffset(40)]
    public BlockHeader* NextInFrame;

    /// <summary>First of the branches linked to this block; the next one is in <see cref="DecodedOp.Disp"/>.</summary>
    [FieldOffset(48)]
    public DecodedOp* Incoming;

    /// <summary>Bytes decoded.</summary>
    [FieldOffset(56)]
    public ushort Bytes;

    /// <summary>What besides the address decides the decoding.</summary>
    [FieldOffset(60)]
    public BlockMode Mode;

    /// <summary>Value of <see cref="SecondPhysical"/> for a block within one page.</summary>
    public const ulong NoSecondPage = ulong.MaxValue;

    public static DecodedOp* First(BlockHeader* block) => (DecodedOp*)(block + 1);

    public static BlockHeader* Of(DecodedOp* first) => (BlockHeader*)first - 1;
}

/// <summary>What besides the address decides how bytes are decoded.</summary>
[Flags]
internal enum BlockMode : byte
{
    /// <summary>16-bit code.</summary>
    Bits16 = 0,
    Bits32 = 1,
    Bits64 = 2,

    /// <summary>One instruction only, and no breakpoint looked for: a single step.</summary>
    Single = 4,
}
