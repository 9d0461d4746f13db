using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>vCont?</c>: asks for the actions that <c>vCont</c> supports; the answer is <c>vCont;c;C;s;S;r</c> or the like.
/// </summary>
/// <remarks>gdb uses <c>vCont</c> only if <c>c C s S</c> are all there (gdb 13, <c>remote_vcont_probe</c>).</remarks>
public readonly ref struct VContQuery : IPacket<VContQuery>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vCont?"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vCont?", "which vCont actions are there?", StubFeature.VCont);

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out VContQuery packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
