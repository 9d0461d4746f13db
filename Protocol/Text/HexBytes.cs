using System.Buffers;

namespace KgdbSim.Protocol.Text;

/// <summary>Bytes written as pairs of hexadecimal digits in memory order, checked but not yet decoded.</summary>
public readonly ref struct HexBytes
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private HexBytes(ReadOnlySpan<byte> digits) => Text = digits;

    /// <summary>The digits as they were sent.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>How many bytes they stand for.</summary>
    public int Length => Text.Length / 2;

    /// <summary>Decodes everything into the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than
    /// <see cref="Length"/>.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (!Hex.TryDecode(Text, destination))
        {
            throw new ArgumentException("Shorter than the bytes to decode.", nameof(destination));
        }
    }

    /// <summary>Part of the bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within <see cref="Length"/>.</exception>
    public HexBytes Slice(int start, int length) => new(Text.Slice(2 * start, 2 * length));

    internal static bool TryCreate(ReadOnlySpan<byte> digits, out HexBytes bytes)
    {
        bool valid = digits.Length % 2 == 0 && !digits.ContainsAnyExcept(Digits);
        bytes = valid ? new HexBytes(digits) : default;
        return valid;
    }
}
