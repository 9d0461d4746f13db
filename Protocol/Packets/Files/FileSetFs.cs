using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>vFile:setfs:pid</c>: chooses the process whose view of the file system the following <c>vFile</c> packets use.
/// </summary>
public readonly ref struct FileSetFs : IPacket<FileSetFs>
{
    private FileSetFs(int process) => Process = process;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vFile:setfs:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vFile:setfs:pid", "choose whose file system");

    /// <summary>The process; 0 means the stub itself.</summary>
    public int Process { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FileSetFs packet)
    {
        bool valid = reader.TryNumber(out int process) && reader.TryEnd();
        packet = new FileSetFs(process);
        return valid;
    }
}
