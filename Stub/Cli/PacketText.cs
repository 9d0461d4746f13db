using System.Text;

namespace KgdbSim.Cli;

/// <summary>Packets as text: bytes that are not printable ASCII, and the backslash, are written <c>\xNN</c>.</summary>
internal static class PacketText
{
    /// <summary>Appends one.</summary>
    public static StringBuilder Append(StringBuilder text, ReadOnlySpan<byte> payload)
    {
        foreach (byte value in payload)
        {
            if (value is >= 0x20 and < 0x7f and not (byte)'\\')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append($"\\x{value:x2}");
            }
        }

        return text;
    }
}
