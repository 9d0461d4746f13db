using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>Hg thread-id</c>, <c>Hc thread-id</c>: chooses the thread that later register and memory packets (<c>g</c>), or
/// <c>c</c> and <c>s</c> packets (<c>c</c>), are about.
/// </summary>
/// <remarks>gdb sends <c>Hc-1</c> and <c>Hg0</c> as well as ids of one thread.</remarks>
public readonly ref struct SetThread : IPacket<SetThread>
{
    private SetThread(bool forExecution, ThreadId thread)
    {
        ForExecution = forExecution;
        Thread = thread;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "H"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("H g|c thread-id", "select a thread");

    /// <summary>Whether it is <c>Hc</c>.</summary>
    public bool ForExecution { get; }

    /// <summary>Which thread, or any, or all.</summary>
    public ThreadId Thread { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out SetThread packet)
    {
        ThreadId thread = default;
        bool valid = reader.TryByte(out byte operation)
            && (operation is (byte)'g' or (byte)'c' || reader.Fail(PacketError.Unsupported))
            && reader.TryThreadId(out thread) && reader.TryEnd();
        packet = new SetThread(operation == 'c', thread);
        return valid;
    }
}
