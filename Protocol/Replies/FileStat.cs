using System.Buffers.Binary;

namespace KgdbSim.Protocol.Replies;

/// <summary>
/// The protocol's <c>struct stat</c>, the attachment of <c>vFile:fstat</c>: 64 bytes, every field big-endian (GDB
/// manual, "struct stat"). Fields not named here are 0.
/// </summary>
/// <param name="Mode">File type and permissions, in the protocol's encoding; a regular file is 0x8000.</param>
/// <param name="Size">Length of the file, in bytes.</param>
/// <param name="ModifiedTime">Seconds since 1970; gdb compares it to notice a changed file.</param>
public readonly record struct FileStat(uint Mode, ulong Size, uint ModifiedTime)
{
    /// <summary>A regular file that everybody may read.</summary>
    public const uint ReadableFile = 0x8000 | 0x124;

    /// <summary>The structure's length, in bytes.</summary>
    public const int EncodedLength = 64;

    private const int BlockLength = 512;

    /// <summary>Writes the structure.</summary>
    /// <param name="destination">At least <see cref="EncodedLength"/> bytes.</param>
    public void Encode(Span<byte> destination)
    {
        destination = destination[..EncodedLength];
        destination.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Mode);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], 1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[28..], Size);
        BinaryPrimitives.WriteUInt64BigEndian(destination[36..], BlockLength);
        BinaryPrimitives.WriteUInt64BigEndian(destination[44..], (Size + BlockLength - 1) / BlockLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[56..], ModifiedTime);
    }
}
