using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>!</c>: enters extended mode, in which <c>R</c> and <c>vRun</c> may start the program again.</summary>
public readonly ref struct ExtendedMode : IPacket<ExtendedMode>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "!"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("!", "extended mode: outlive the program");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ExtendedMode packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
