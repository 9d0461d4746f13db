using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>p n</c>: one register of the selected thread, in memory order.</summary>
/// <remarks>Example: <c>p10</c> asks for register 16, RIP.</remarks>
public readonly ref struct ReadRegister : IPacket<ReadRegister>
{
    private ReadRegister(int number) => Number = number;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "p"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("p n", "read one register");

    /// <summary>The register's number in the target description; it need not exist.</summary>
    public int Number { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ReadRegister packet)
    {
        bool valid = reader.TryNumber(out int number) && reader.TryEnd();
        packet = new ReadRegister(number);
        return valid;
    }
}
