using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>x addr,length</c>: memory as binary data: <c>b</c>, then the escaped bytes, fewer than asked for if the rest
/// cannot be read.
/// </summary>
/// <remarks>
/// The leading <c>b</c> belongs to the feature <c>binary-upload</c> of gdb 16; LLDB's older packet of the same name has
/// none, and is recognised by its probe <c>x0,0</c>.
/// </remarks>
public readonly ref struct ReadMemoryBinary : IPacket<ReadMemoryBinary>
{
    private ReadMemoryBinary(ulong address, int length)
    {
        Address = address;
        Length = length;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "x"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("x addr,length", "read memory as binary data", StubFeature.BinaryUpload);

    /// <summary>The first byte's address.</summary>
    public ulong Address { get; }

    /// <summary>How many bytes, 0 or more.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ReadMemoryBinary packet)
    {
        int length = 0;
        bool valid = reader.TryNumber(out ulong address) && reader.TrySkip((byte)',')
            && reader.TryNumber(out length) && reader.TryEnd();
        packet = new ReadMemoryBinary(address, length);
        return valid;
    }
}
