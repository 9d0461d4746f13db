using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>vFile:fstat:fd</c>: asks for size and times of an open file; answered with a <c>struct stat</c> as attachment.
/// </summary>
public readonly ref struct FileStatus : IPacket<FileStatus>
{
    private FileStatus(int descriptor) => Descriptor = descriptor;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:fstat:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:fstat:fd", "status of an open file");

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileStatus packet)
    {
        bool valid = reader.TryNumber(out int descriptor) && reader.TryEnd();
        packet = new FileStatus(descriptor);
        return valid;
    }
}
