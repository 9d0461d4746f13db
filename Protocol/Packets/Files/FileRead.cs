using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>vFile:pread:fd,count,offset</c>: reads from a file; the data come as attachment, fewer at the end of the file.
/// </summary>
public readonly ref struct FileRead : IPacket<FileRead>
{
    private FileRead(int descriptor, int count, ulong offset)
    {
        Descriptor = descriptor;
        Count = count;
        Offset = offset;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:pread:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:pread:fd,count,offset", "read from a file");

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>The most bytes to read.</summary>
    public int Count { get; }

    /// <summary>Where in the file, in bytes.</summary>
    public ulong Offset { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileRead packet)
    {
        int count = 0;
        ulong offset = 0;
        bool valid = reader.TryNumber(out int descriptor) && reader.TrySkip((byte)',')
            && reader.TryNumber(out count) && reader.TrySkip((byte)',')
            && reader.TryNumber(out offset) && reader.TryEnd();
        packet = new FileRead(descriptor, count, offset);
        return valid;
    }
}
