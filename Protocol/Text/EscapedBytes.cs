using KgdbSim.Protocol.Framing;

namespace KgdbSim.Protocol.Text;

/// <summary>Binary data with its escapes still in place, checked but not yet decoded.</summary>
public readonly ref struct EscapedBytes
{
    private EscapedBytes(ReadOnlySpan<byte> text, int length)
    {
        Text = text;
        Length = length;
    }

    /// <summary>The data as it was sent.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>How many bytes it stands for.</summary>
    public int Length { get; }

    /// <summary>
    /// Whether nothing is escaped, so that <see cref="Text"/> is the data itself and need not be copied.
    /// </summary>
    public bool IsPlain => Text.Length == Length;

    /// <summary>Decodes everything into the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than
    /// <see cref="Length"/>.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (!BinaryEscape.TryDecode(Text, destination, out _))
        {
            throw new ArgumentException("Shorter than the bytes to decode.", nameof(destination));
        }
    }

    internal static bool TryCreate(ReadOnlySpan<byte> text, out EscapedBytes bytes)
    {
        int length = BinaryEscape.DecodedLength(text);
        bytes = length < 0 ? default : new EscapedBytes(text, length);
        return length >= 0;
    }
}
