using System.Buffers.Binary;

namespace KgdbSim.Target.Tests.Machine;

/// <summary>The smallest ELF64 executable: one segment, entered at its start.</summary>
internal static class TestElf
{
    public const int SegmentOffset = 0x1000;

    public static byte[] Of(ulong address, byte[] code, ulong? memorySize = null)
    {
        byte[] file = new byte[SegmentOffset + code.Length];
        Span<byte> f = file;
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(f);
        BinaryPrimitives.WriteUInt16LittleEndian(f[16..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(f[18..], 62);
        BinaryPrimitives.WriteUInt32LittleEndian(f[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(f[24..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(f[32..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(f[52..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(f[54..], 56);
        BinaryPrimitives.WriteUInt16LittleEndian(f[56..], 1);
        Span<byte> header = f[64..];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 7);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], SegmentOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)code.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], memorySize ?? (ulong)code.Length);
        code.CopyTo(f[SegmentOffset..]);
        return file;
    }
}
