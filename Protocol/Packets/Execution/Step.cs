using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>s [addr]</c>: steps the thread selected by <c>Hc</c>, at <c>addr</c> if given.</summary>
/// <remarks>Superseded by <c>vCont</c>; kgdb's own tests and simple clients still use it.</remarks>
public readonly ref struct Step : IPacket<Step>
{
    private Step(ulong? address) => Address = address;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "s"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("s [addr]", "step one instruction");

    /// <summary>Where to go on, or <c>null</c>: where it stands.</summary>
    public ulong? Address { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Step packet)
    {
        ulong address = 0;
        bool given = !reader.IsAtEnd;
        bool valid = !given || (reader.TryNumber(out address) && reader.TryEnd());
        packet = new Step(given ? address : null);
        return valid;
    }
}
