using System.Globalization;

namespace KgdbSim.Cli;

/// <summary>A size as people write it: <c>64M</c>, <c>1G</c>, <c>65536</c>, <c>512KiB</c>; powers of 1024.</summary>
/// <param name="Bytes">The size in bytes.</param>
internal readonly record struct ByteSize(ulong Bytes)
{
    /// <summary>Reads a size.</summary>
    public static bool TryParse(string text, out ByteSize size)
    {
        int end = text.TakeWhile(char.IsAsciiDigit).Count();
        int shift = text[end..].ToUpperInvariant() switch
        {
            "" or "B" => 0,
            "K" or "KB" or "KIB" => 10,
            "M" or "MB" or "MIB" => 20,
            "G" or "GB" or "GIB" => 30,
            _ => -1,
        };
        bool valid = ulong.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            && shift >= 0 && number <= ulong.MaxValue >> shift;
        size = valid ? new ByteSize(number << shift) : default;
        return valid;
    }

    /// <summary>The size the way it is read.</summary>
    public override string ToString()
    {
        (int Shift, string Unit)[] units = [(30, "G"), (20, "M"), (10, "K")];
        foreach ((int shift, string unit) in units)
        {
            if (Bytes != 0 && Bytes % (1UL << shift) == 0)
            {
                return $"{Bytes >> shift}{unit}";
            }
        }

        return $"{Bytes}";
    }
}
