using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qXfer:object:read:annex:offset,length</c>: reads a window of a document; answer with <see cref="XferReply"/>.
/// </summary>
/// <remarks>Example: <c>qXfer:features:read:target.xml:0,ffb</c>.</remarks>
public readonly ref struct TransferRead : IPacket<TransferRead>
{
    private TransferRead(TransferObject subject, ReadOnlySpan<byte> annex, ulong offset, int length)
    {
        Object = subject;
        Annex = annex;
        Offset = offset;
        Length = length;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qXfer:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new(
        "qXfer:features|threads|memory-map|exec-file:read:annex:offset,length",
        "read part of a document",
        StubFeature.XferFeatures,
        StubFeature.XferThreads,
        StubFeature.XferMemoryMap,
        StubFeature.XferExecFile);

    /// <summary>Which sort of document.</summary>
    public TransferObject Object { get; }

    /// <summary>
    /// Which one of that sort: the file name among the features, the process of an exec-file; else empty.
    /// </summary>
    public ReadOnlySpan<byte> Annex { get; }

    /// <summary>Where the window starts, in bytes.</summary>
    public ulong Offset { get; }

    /// <summary>How long it is at most, in bytes.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out TransferRead packet)
    {
        packet = default;
        TransferObject? subject = Name(reader.TakeUntil((byte)':'));
        bool reads = reader.TakeUntil((byte)':').SequenceEqual("read"u8);
        if (subject is null || !reads)
        {
            return reader.Fail(PacketError.Unsupported);
        }

        ReadOnlySpan<byte> annex = reader.TakeUntil((byte)':');
        int length = 0;
        bool valid = reader.TryNumber(out ulong offset) && reader.TrySkip((byte)',')
            && reader.TryNumber(out length) && reader.TryEnd();
        packet = new TransferRead(subject.Value, annex, offset, length);
        return valid;
    }

    private static TransferObject? Name(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("features"u8) => TransferObject.Features,
        _ when name.SequenceEqual("threads"u8) => TransferObject.Threads,
        _ when name.SequenceEqual("memory-map"u8) => TransferObject.MemoryMap,
        _ when name.SequenceEqual("exec-file"u8) => TransferObject.ExecFile,
        _ => null,
    };
}
