using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>vRun;file[;argument]...</c>: starts a program, every part in hexadecimal; answered by a stop reply. Extended mode
/// only.
/// </summary>
/// <remarks>An empty file name means the one already there: <c>vRun;</c>.</remarks>
public readonly ref struct Run : IPacket<Run>
{
    private Run(HexBytes file, ReadOnlySpan<byte> arguments)
    {
        File = file;
        Arguments = arguments;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vRun"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vRun;file[;argument]...", "start a program");

    /// <summary>The program's name, UTF-8, possibly empty.</summary>
    public HexBytes File { get; }

    /// <summary>The arguments as sent: hexadecimal, separated by <c>;</c>.</summary>
    public ReadOnlySpan<byte> Arguments { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Run packet)
    {
        packet = default;
        if (!reader.TrySkip((byte)';') || !reader.TryHexField((byte)';', out HexBytes file))
        {
            return false;
        }

        ReadOnlySpan<byte> arguments = reader.Rest;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryHexField((byte)';', out _))
            {
                return false;
            }
        }

        packet = new Run(file, arguments);
        return true;
    }
}
