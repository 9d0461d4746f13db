using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vFile:unlink:path</c>: deletes a file.</summary>
public readonly ref struct FileUnlink : IPacket<FileUnlink>
{
    private FileUnlink(HexBytes path) => Path = path;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:unlink:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:unlink:path", "delete a file");

    /// <summary>The name, in UTF-8.</summary>
    public HexBytes Path { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileUnlink packet)
    {
        bool valid = reader.TryHexBytes(out HexBytes path);
        packet = new FileUnlink(path);
        return valid;
    }
}
