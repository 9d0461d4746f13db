using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vFile:pwrite:fd,offset,data</c>: writes to a file.</summary>
public readonly ref struct FileWrite : IPacket<FileWrite>
{
    private FileWrite(int descriptor, ulong offset, EscapedBytes data)
    {
        Descriptor = descriptor;
        Offset = offset;
        Data = data;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:pwrite:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:pwrite:fd,offset,data", "write to a file");

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>Where in the file, in bytes.</summary>
    public ulong Offset { get; }

    /// <summary>What to write; escaped binary.</summary>
    public EscapedBytes Data { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileWrite packet)
    {
        ulong offset = 0;
        EscapedBytes data = default;
        bool valid = reader.TryNumber(out int descriptor) && reader.TrySkip((byte)',')
            && reader.TryNumber(out offset) && reader.TrySkip((byte)',') && reader.TryEscapedBytes(out data);
        packet = new FileWrite(descriptor, offset, data);
        return valid;
    }
}
