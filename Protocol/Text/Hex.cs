using System.Buffers;
using System.Buffers.Text;

namespace KgdbSim.Protocol.Text;

/// <summary>
/// The protocol's two uses of hexadecimal: numbers (most significant digit first, leading zeros optional) and bytes in
/// memory order (two digits each). Output is lower case; input may be either.
/// </summary>
public static class Hex
{
    /// <summary>The longest number, in digits: 64 bits.</summary>
    internal const int NumberDigitsMax = 16;

    /// <summary>The value of a digit, 0..15, or -1.</summary>
    internal static int Digit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };

    /// <summary>Writes <paramref name="value"/> as exactly two digits.</summary>
    internal static void WriteByte(Span<byte> destination, byte value)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        destination[1] = digits[value & 15];
        destination[0] = digits[value >> 4];
    }

    /// <summary>
    /// Writes <paramref name="value"/> without leading zeros and returns the number of digits, 1..16.
    /// </summary>
    internal static int WriteNumber(Span<byte> destination, ulong value)
    {
        Utf8Formatter.TryFormat(value, destination, out int written, new StandardFormat('x'));
        return written;
    }

    /// <summary>Turns pairs of digits into bytes.</summary>
    /// <returns><c>false</c> if there is something other than pairs of digits, or <paramref name="destination"/> is too
    /// small.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> digits, Span<byte> destination) =>
        Convert.FromHexString(digits, destination, out int consumed, out _) == OperationStatus.Done
        && consumed == digits.Length;
}
