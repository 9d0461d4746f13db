using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KgdbSim.Protocol.Framing;

/// <summary>
/// Run-length encoding of replies: a character, <c>*</c>, and a character whose code minus 29 says how often the first
/// is repeated (GDB manual, "Overview" of the remote protocol). Only responses use it.
/// </summary>
public static class RunLength
{
    private const byte Marker = (byte)'*';
    private const int CountBias = 29;

    /// <summary>Length of an encoded run, in bytes.</summary>
    private const int TripleLength = 3;

    /// <summary>
    /// The fewest repetitions worth a triple: a run of four. It is also the first printable count, a space.
    /// </summary>
    private const int RepeatMin = 3;

    /// <summary>The most repetitions one triple can say: count character 126, <c>~</c>.</summary>
    private const int RepeatMax = 97;

    /// <summary>
    /// Encodes as much of <paramref name="source"/> as fits; a triple is written whole or not at all.
    /// </summary>
    /// <param name="source">Payload bytes with binary escapes already in place.</param>
    /// <param name="destination">At least 3 bytes, so that every call makes progress.</param>
    /// <param name="consumed">Bytes of <paramref name="source"/> encoded.</param>
    /// <param name="written">Bytes of <paramref name="destination"/> filled.</param>
    internal static void Encode(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = source[consumed..];
            int literal = Math.Min(FindRun(rest), destination.Length - written);
            rest[..literal].CopyTo(destination[written..]);
            consumed += literal;
            written += literal;
            rest = rest[literal..];
            if (rest.IsEmpty || destination.Length - written < TripleLength)
            {
                return;
            }

            int repeats = CountRepeats(rest);
            destination[written] = rest[0];
            destination[written + 1] = Marker;
            destination[written + 2] = (byte)(repeats + CountBias);
            consumed += 1 + repeats;
            written += TripleLength;
        }
    }

    /// <summary>Expands a payload; the inverse of the encoder and of every other conforming one.</summary>
    /// <param name="source">Payload bytes of one response.</param>
    /// <param name="destination">Where the expansion goes.</param>
    /// <param name="written">Bytes of <paramref name="destination"/> filled.</param>
    /// <returns><c>false</c> if a <c>*</c> begins the payload or ends it, a count character is below the space or above
    /// <c>~</c>, or <paramref name="destination"/> is too small.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            int literal = source.IndexOf(Marker);
            ReadOnlySpan<byte> plain = literal < 0 ? source : source[..literal];
            if (!plain.TryCopyTo(destination[written..]))
            {
                return false;
            }

            written += plain.Length;
            if (literal < 0)
            {
                return true;
            }

            source = source[literal..];
            int repeats = source.Length < 2 ? 0 : source[1] - CountBias;
            if (written == 0 || repeats is < RepeatMin or > RepeatMax || destination.Length - written < repeats)
            {
                return false;
            }

            destination.Slice(written, repeats).Fill(destination[written - 1]);
            written += repeats;
            source = source[2..];
        }
    }

    /// <summary>
    /// Where the first run of at least four equal bytes starts; the length of <paramref name="bytes"/> if there is
    /// none.
    /// </summary>
    private static int FindRun(ReadOnlySpan<byte> bytes)
    {
        int index = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref byte start = ref MemoryMarshal.GetReference(bytes);
            for (; index <= bytes.Length - (Vector256<byte>.Count + RepeatMin); index += Vector256<byte>.Count)
            {
                Vector256<byte> first = Vector256.LoadUnsafe(ref start, (nuint)index);
                Vector256<byte> equal = Vector256.Equals(first, Vector256.LoadUnsafe(ref start, (nuint)index + 1))
                    & Vector256.Equals(first, Vector256.LoadUnsafe(ref start, (nuint)index + 2))
                    & Vector256.Equals(first, Vector256.LoadUnsafe(ref start, (nuint)index + 3));
                uint mask = equal.ExtractMostSignificantBits();
                if (mask != 0)
                {
                    return index + BitOperations.TrailingZeroCount(mask);
                }
            }
        }

        for (; index < bytes.Length - RepeatMin; index++)
        {
            byte value = bytes[index];
            if (bytes[index + 1] == value && bytes[index + 2] == value && bytes[index + 3] == value)
            {
                return index;
            }
        }

        return bytes.Length;
    }

    /// <summary>How many repetitions of the first byte the next triple may announce.</summary>
    private static int CountRepeats(ReadOnlySpan<byte> run)
    {
        ReadOnlySpan<byte> candidates = run.Slice(1, Math.Min(run.Length - 1, RepeatMax));
        int repeats = candidates.IndexOfAnyExcept(run[0]);
        repeats = repeats < 0 ? candidates.Length : repeats;

        // '#' and '$' would be taken for frame characters. '+' and '-' are allowed today, but older editions of the
        // manual ask to avoid them as well, and a shorter count costs next to nothing.
        while ((repeats + CountBias) is '#' or '$' or '+' or '-')
        {
            repeats--;
        }

        return repeats;
    }
}
