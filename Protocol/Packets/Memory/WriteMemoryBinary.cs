using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>X addr,length:XX...</c>: writes memory from escaped binary data.</summary>
/// <remarks>gdb probes for it with a length of 0 and takes an empty reply for "not supported" (gdb 13,
/// <c>remote_target::check_binary_download</c>).</remarks>
public readonly ref struct WriteMemoryBinary : IPacket<WriteMemoryBinary>
{
    private WriteMemoryBinary(ulong address, EscapedBytes data)
    {
        Address = address;
        Data = data;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "X"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("X addr,length:XX...", "write memory from binary data");

    /// <summary>The first byte's address.</summary>
    public ulong Address { get; }

    /// <summary>What to write; of exactly the announced length, possibly empty.</summary>
    public EscapedBytes Data { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out WriteMemoryBinary packet)
    {
        int length = 0;
        EscapedBytes data = default;
        bool valid = reader.TryNumber(out ulong address) && reader.TrySkip((byte)',')
            && reader.TryNumber(out length) && reader.TrySkip((byte)':') && reader.TryEscapedBytes(out data)
            && (data.Length == length || reader.Fail(PacketError.LengthMismatch));
        packet = new WriteMemoryBinary(address, data);
        return valid;
    }
}
