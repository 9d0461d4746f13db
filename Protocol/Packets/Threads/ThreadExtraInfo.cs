using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qThreadExtraInfo,thread-id</c>: asks for a line about a thread, which <c>info threads</c> shows; answered in
/// hexadecimal.
/// </summary>
/// <remarks>
/// Not asked when the thread list was read by <c>qXfer:threads:read</c>, which carries the same text.
/// </remarks>
public readonly ref struct ThreadExtraInfo : IPacket<ThreadExtraInfo>
{
    private ThreadExtraInfo(ThreadId thread) => Thread = thread;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qThreadExtraInfo"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qThreadExtraInfo,thread-id", "describe a thread");

    /// <summary>Which thread.</summary>
    public ThreadId Thread { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ThreadExtraInfo packet)
    {
        ThreadId thread = default;
        bool valid = reader.TrySkip((byte)',') && reader.TryThreadId(out thread) && reader.TryEnd();
        packet = new ThreadExtraInfo(thread);
        return valid;
    }
}
