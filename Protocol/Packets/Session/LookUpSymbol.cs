using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qSymbol::</c>: gdb offers to look symbols up. The stub asks with <c>qSymbol:name</c> and is answered by
/// <c>qSymbol:value:name</c>, the value missing if there is no such symbol; <c>OK</c> ends the exchange.
/// </summary>
public readonly ref struct LookUpSymbol : IPacket<LookUpSymbol>
{
    private LookUpSymbol(ulong? value, HexBytes name)
    {
        Value = value;
        Name = name;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qSymbol:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qSymbol:[value]:[name]", "offer symbols, or answer about one");

    /// <summary>The symbol's value, if it has one.</summary>
    public ulong? Value { get; }

    /// <summary>The symbol's name; empty in the first offer.</summary>
    public HexBytes Name { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out LookUpSymbol packet)
    {
        ulong value = 0;
        HexBytes name = default;
        bool given = !reader.IsAtEnd && reader.Rest[0] != ':';
        bool valid = (!given || reader.TryNumber(out value))
            && reader.TrySkip((byte)':') && reader.TryHexBytes(out name);
        packet = new LookUpSymbol(given ? value : null, name);
        return valid;
    }
}
