using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>G XX...</c>: writes the selected thread's registers, in the form that <c>g</c> answers.</summary>
public readonly ref struct WriteRegisters : IPacket<WriteRegisters>
{
    private WriteRegisters(HexBytes values) => Values = values;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "G"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("G XX...", "write all registers");

    /// <summary>The registers' bytes one after the other; not empty.</summary>
    public HexBytes Values { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out WriteRegisters packet)
    {
        bool valid = reader.TryHexBytes(out HexBytes values) && (values.Length > 0 || reader.Fail(PacketError.BadHex));
        packet = new WriteRegisters(values);
        return valid;
    }
}
