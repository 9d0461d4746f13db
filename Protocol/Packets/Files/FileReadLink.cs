using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vFile:readlink:path</c>: asks what a symbolic link points at.</summary>
public readonly ref struct FileReadLink : IPacket<FileReadLink>
{
    private FileReadLink(HexBytes path) => Path = path;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:readlink:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:readlink:path", "read a symbolic link");

    /// <summary>The name, in UTF-8.</summary>
    public HexBytes Path { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileReadLink packet)
    {
        bool valid = reader.TryHexBytes(out HexBytes path);
        packet = new FileReadLink(path);
        return valid;
    }
}
