using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qSearch:memory:addr;length;pattern</c>: looks for bytes; the answer is <c>0</c>, or <c>1,addr</c> of the first
/// match.
/// </summary>
public readonly ref struct SearchMemory : IPacket<SearchMemory>
{
    private SearchMemory(ulong address, ulong length, EscapedBytes pattern)
    {
        Address = address;
        Length = length;
        Pattern = pattern;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qSearch:memory:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qSearch:memory:addr;length;pattern", "search memory");

    /// <summary>Where the search starts.</summary>
    public ulong Address { get; }

    /// <summary>How many bytes are searched; a match lies wholly among them.</summary>
    public ulong Length { get; }

    /// <summary>What is searched for, at least one byte; escaped binary.</summary>
    public EscapedBytes Pattern { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out SearchMemory packet)
    {
        ulong length = 0;
        EscapedBytes pattern = default;
        bool valid = reader.TryNumber(out ulong address) && reader.TrySkip((byte)';')
            && reader.TryNumber(out length) && reader.TrySkip((byte)';') && reader.TryEscapedBytes(out pattern)
            && (pattern.Length > 0 || reader.Fail(PacketError.LengthMismatch));
        packet = new SearchMemory(address, length, pattern);
        return valid;
    }
}
