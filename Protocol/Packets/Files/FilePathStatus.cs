using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vFile:stat:path</c>: asks for size and times of a file by name (gdb 16).</summary>
public readonly ref struct FilePathStatus : IPacket<FilePathStatus>
{
    private FilePathStatus(HexBytes path) => Path = path;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:stat:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:stat:path", "status of a file by name");

    /// <summary>The name, in UTF-8.</summary>
    public HexBytes Path { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FilePathStatus packet)
    {
        bool valid = reader.TryHexBytes(out HexBytes path);
        packet = new FilePathStatus(path);
        return valid;
    }
}
