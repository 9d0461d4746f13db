using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>R XX</c>: restarts the program. There is no reply; extended mode only.</summary>
/// <remarks>The manual keeps the two digits for compatibility and gives them no meaning.</remarks>
public readonly ref struct Restart : IPacket<Restart>
{
    private Restart(byte code) => Code = code;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "R"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("R XX", "restart, no reply");

    /// <summary>The meaningless number.</summary>
    public byte Code { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Restart packet)
    {
        bool valid = reader.TryNumberUpTo(byte.MaxValue, out ulong number) && reader.TryEnd();
        byte code = (byte)number;
        packet = new Restart(code);
        return valid;
    }
}
