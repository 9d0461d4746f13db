using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qRcmd,XX...</c>: passes the text of gdb's <c>monitor</c> command. Output may precede the answer in <c>O</c>
/// packets, or be the answer, in hexadecimal; <c>OK</c> means no output.
/// </summary>
public readonly ref struct MonitorCommand : IPacket<MonitorCommand>
{
    private MonitorCommand(HexBytes text) => Text = text;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qRcmd"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qRcmd,XX...", "monitor command");

    /// <summary>The command line, UTF-8; may be empty.</summary>
    public HexBytes Text { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out MonitorCommand packet)
    {
        HexBytes text = default;
        bool valid = reader.TrySkip((byte)',') && reader.TryHexBytes(out text);
        packet = new MonitorCommand(text);
        return valid;
    }
}
