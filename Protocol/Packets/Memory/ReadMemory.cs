using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>m addr,length</c>: memory as hexadecimal bytes; fewer than asked for if the rest cannot be read, an error if
/// nothing can.
/// </summary>
/// <remarks>
/// Example: <c>m7fe0,8</c>. gdb never asks for more than fits a packet; others do, so <see cref="Length"/> is not to be
/// trusted.
/// </remarks>
public readonly ref struct ReadMemory : IPacket<ReadMemory>
{
    private ReadMemory(ulong address, int length)
    {
        Address = address;
        Length = length;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "m"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("m addr,length", "read memory as hexadecimal digits");

    /// <summary>The first byte's address.</summary>
    public ulong Address { get; }

    /// <summary>How many bytes, 0 or more.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ReadMemory packet)
    {
        int length = 0;
        bool valid = reader.TryNumber(out ulong address) && reader.TrySkip((byte)',')
            && reader.TryNumber(out length) && reader.TryEnd();
        packet = new ReadMemory(address, length);
        return valid;
    }
}
