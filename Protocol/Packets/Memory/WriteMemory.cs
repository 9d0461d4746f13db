using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>M addr,length:XX...</c>: writes memory from hexadecimal bytes.</summary>
public readonly ref struct WriteMemory : IPacket<WriteMemory>
{
    private WriteMemory(ulong address, HexBytes data)
    {
        Address = address;
        Data = data;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "M"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("M addr,length:XX...", "write memory from hexadecimal digits");

    /// <summary>The first byte's address.</summary>
    public ulong Address { get; }

    /// <summary>What to write; of exactly the announced length, possibly empty.</summary>
    public HexBytes Data { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out WriteMemory packet)
    {
        int length = 0;
        HexBytes data = default;
        bool valid = reader.TryNumber(out ulong address) && reader.TrySkip((byte)',')
            && reader.TryNumber(out length) && reader.TrySkip((byte)':') && reader.TryHexBytes(out data)
            && (data.Length == length || reader.Fail(PacketError.LengthMismatch));
        packet = new WriteMemory(address, data);
        return valid;
    }
}
