using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vFile:close:fd</c>: closes a file.</summary>
public readonly ref struct FileClose : IPacket<FileClose>
{
    private FileClose(int descriptor) => Descriptor = descriptor;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:close:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:close:fd", "close a file");

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileClose packet)
    {
        bool valid = reader.TryNumber(out int descriptor) && reader.TryEnd();
        packet = new FileClose(descriptor);
        return valid;
    }
}
