using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>T thread-id</c>: asks whether a thread still exists: <c>OK</c> or an error.</summary>
public readonly ref struct ThreadAlive : IPacket<ThreadAlive>
{
    private ThreadAlive(ThreadId thread) => Thread = thread;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "T"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("T thread-id", "is the thread alive?");

    /// <summary>Which thread.</summary>
    public ThreadId Thread { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ThreadAlive packet)
    {
        bool valid = reader.TryThreadId(out ThreadId thread) && reader.TryEnd();
        packet = new ThreadAlive(thread);
        return valid;
    }
}
