using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace KgdbSim.Protocol.Framing;

/// <summary>The sum of all payload bytes modulo 256 (GDB manual, "Overview" of the remote protocol).</summary>
internal static class Checksum
{
    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static byte Of(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        if (bytes.Length >= Vector<byte>.Count)
        {
            // Byte lanes wrap modulo 256, which is exactly the arithmetic asked for: no widening is needed.
            ReadOnlySpan<Vector<byte>> vectors = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
            Vector<byte> lanes = Vector<byte>.Zero;
            foreach (Vector<byte> vector in vectors)
            {
                lanes += vector;
            }

            sum = Vector.Sum(lanes);
            bytes = bytes[(vectors.Length * Vector<byte>.Count)..];
        }

        foreach (byte value in bytes)
        {
            sum += value;
        }

        return sum;
    }

    /// <summary>The checksum of a payload split over segments.</summary>
    public static byte Of(in ReadOnlySequence<byte> bytes)
    {
        byte sum = 0;
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            sum += Of(segment.Span);
        }

        return sum;
    }
}
