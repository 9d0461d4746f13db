using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vFile:open:path,flags,mode</c>: opens a file; the answer is its descriptor.</summary>
/// <remarks>Example: <c>vFile:open:6b65726e656c,0,0</c> opens "kernel" for reading.</remarks>
public readonly ref struct FileOpen : IPacket<FileOpen>
{
    private FileOpen(HexBytes path, int flags, int mode)
    {
        Path = path;
        Flags = flags;
        Mode = mode;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:open:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:open:path,flags,mode", "open a file");

    /// <summary>The name, in UTF-8.</summary>
    public HexBytes Path { get; }

    /// <summary>The protocol's own values (GDB manual, "Open Flags"): 0 is read only.</summary>
    public int Flags { get; }

    /// <summary>Permissions of a file to be created.</summary>
    public int Mode { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileOpen packet)
    {
        int flags = 0;
        int mode = 0;
        bool valid = reader.TryHexField((byte)',', out HexBytes path)
            && reader.TryNumber(out flags) && reader.TrySkip((byte)',')
            && reader.TryNumber(out mode) && reader.TryEnd();
        packet = new FileOpen(path, flags, mode);
        return valid;
    }
}
