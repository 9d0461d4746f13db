using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>QThreadEvents:1</c>, <c>QThreadEvents:0</c>: whether creation and exit of threads are to be reported as stops.
/// </summary>
public readonly ref struct ThreadEvents : IPacket<ThreadEvents>
{
    private ThreadEvents(bool enabled) => Enabled = enabled;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "QThreadEvents:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info =>
        new("QThreadEvents:1|0", "report thread creation and exit", StubFeature.ThreadEvents);

    /// <summary>Whether to report them.</summary>
    public bool Enabled { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ThreadEvents packet)
    {
        bool valid = reader.TryFlag(out bool enabled) && reader.TryEnd();
        packet = new ThreadEvents(enabled);
        return valid;
    }
}
