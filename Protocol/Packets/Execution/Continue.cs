using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>c [addr]</c>: continues the thread selected by <c>Hc</c>, at <c>addr</c> if given.</summary>
/// <remarks>Superseded by <c>vCont</c>; kgdb's own tests and simple clients still use it.</remarks>
public readonly ref struct Continue : IPacket<Continue>
{
    private Continue(ulong? address) => Address = address;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "c"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("c [addr]", "continue");

    /// <summary>Where to go on, or <c>null</c>: where it stands.</summary>
    public ulong? Address { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Continue packet)
    {
        ulong address = 0;
        bool given = !reader.IsAtEnd;
        bool valid = !given || (reader.TryNumber(out address) && reader.TryEnd());
        packet = new Continue(given ? address : null);
        return valid;
    }
}
