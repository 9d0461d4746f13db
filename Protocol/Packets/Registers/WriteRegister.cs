using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>P n=XX...</c>: writes one register of the selected thread.</summary>
/// <remarks>Example: <c>P10=0010000000000000</c> sets RIP to 0x1000.</remarks>
public readonly ref struct WriteRegister : IPacket<WriteRegister>
{
    private WriteRegister(int number, HexBytes value)
    {
        Number = number;
        Value = value;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "P"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("P n=XX...", "write one register");

    /// <summary>The register's number in the target description; it need not exist.</summary>
    public int Number { get; }

    /// <summary>Its new bytes in memory order, at least one; their number need not be the register's size.</summary>
    public HexBytes Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out WriteRegister packet)
    {
        HexBytes value = default;
        bool valid = reader.TryNumber(out int number) && reader.TrySkip((byte)'=') && reader.TryHexBytes(out value)
            && (value.Length > 0 || reader.Fail(PacketError.BadHex));
        packet = new WriteRegister(number, value);
        return valid;
    }
}
