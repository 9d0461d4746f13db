using System.Buffers;

namespace KgdbSim.Protocol.Framing;

/// <summary>
/// The escaping of binary data: <c>}</c> followed by the byte xor 0x20 (GDB manual, "Binary Data"). <c>#</c>, <c>$</c>
/// and <c>}</c> must always be escaped, and in responses <c>*</c> as well, since it would start a run.
/// </summary>
public static class BinaryEscape
{
    private const byte Escape = (byte)'}';
    private const byte Flip = 0x20;

    private static readonly SearchValues<byte> Special = SearchValues.Create("#$}*"u8);

    /// <summary>Escapes as much of <paramref name="source"/> as fits; a pair is written whole or not at all.</summary>
    /// <param name="source">Plain data.</param>
    /// <param name="destination">At least 2 bytes, so that every call makes progress.</param>
    /// <param name="consumed">Bytes of <paramref name="source"/> escaped.</param>
    /// <param name="written">Bytes of <paramref name="destination"/> filled.</param>
    public static void Encode(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = source[consumed..];
            int special = rest.IndexOfAny(Special);
            int literal = Math.Min(special < 0 ? rest.Length : special, destination.Length - written);
            rest[..literal].CopyTo(destination[written..]);
            consumed += literal;
            written += literal;
            if (literal != special || destination.Length - written < 2)
            {
                return;
            }

            destination[written] = Escape;
            destination[written + 1] = (byte)(rest[literal] ^ Flip);
            consumed++;
            written += 2;
        }
    }

    /// <summary>
    /// How many leading bytes of <paramref name="source"/> fit <paramref name="room"/> bytes once escaped.
    /// </summary>
    public static int FittingLength(ReadOnlySpan<byte> source, int room)
    {
        int length = 0;
        while (true)
        {
            int special = source[length..].IndexOfAny(Special);
            int literal = Math.Min(special < 0 ? source.Length - length : special, room);
            length += literal;
            room -= literal;
            if (literal != special || room < 2)
            {
                return length;
            }

            length++;
            room -= 2;
        }
    }

    /// <summary>How many bytes <paramref name="escaped"/> stands for; -1 if it ends in the middle of a pair.</summary>
    public static int DecodedLength(ReadOnlySpan<byte> escaped)
    {
        int length = escaped.Length;
        while (true)
        {
            int index = escaped.IndexOf(Escape);
            if (index < 0)
            {
                return length;
            }

            if (index + 2 > escaped.Length)
            {
                return -1;
            }

            length--;
            escaped = escaped[(index + 2)..];
        }
    }

    /// <summary>Undoes the escaping. Overlapping is allowed when both spans start at the same byte.</summary>
    /// <param name="escaped">Escaped data.</param>
    /// <param name="destination">Where the plain data goes.</param>
    /// <param name="written">Bytes of <paramref name="destination"/> filled.</param>
    /// <returns><c>false</c> if the data ends in the middle of a pair or <paramref name="destination"/> is too
    /// small.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> escaped, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            int index = escaped.IndexOf(Escape);
            ReadOnlySpan<byte> plain = index < 0 ? escaped : escaped[..index];
            if (!plain.TryCopyTo(destination[written..]))
            {
                return false;
            }

            written += plain.Length;
            if (index < 0)
            {
                return true;
            }

            if (index + 2 > escaped.Length || written == destination.Length)
            {
                return false;
            }

            destination[written++] = (byte)(escaped[index + 1] ^ Flip);
            escaped = escaped[(index + 2)..];
        }
    }
}
