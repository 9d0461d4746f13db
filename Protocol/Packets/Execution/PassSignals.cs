using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>QPassSignals:signal[;signal]...</c>: signals that go to the program without a stop. Each list replaces the one
/// before.
/// </summary>
/// <remarks>gdb sends an empty list as <c>QPassSignals:</c>, and gdb 13 ends others with a semicolon.</remarks>
public readonly ref struct PassSignals : IPacket<PassSignals>
{
    private PassSignals(ReadOnlySpan<byte> list) => List = list;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "QPassSignals:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info =>
        new("QPassSignals:[signal[;signal]...]", "signals that need not stop", StubFeature.PassSignals);

    /// <summary>The list as sent.</summary>
    public ReadOnlySpan<byte> List { get; }

    /// <summary>Whether the list names <paramref name="signal"/>.</summary>
    public bool Contains(GdbSignal signal)
    {
        var reader = new PayloadReader(List);
        while (reader.TrySignal(out GdbSignal listed))
        {
            if (listed == signal)
            {
                return true;
            }

            reader.SkipIf((byte)';');
        }

        return false;
    }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out PassSignals packet)
    {
        packet = new PassSignals(reader.Rest);
        if (reader.IsAtEnd)
        {
            return true;
        }

        do
        {
            if (!reader.TrySignal(out _))
            {
                return false;
            }
        }
        while (reader.SkipIf((byte)';') && !reader.IsAtEnd);
        return reader.TryEnd();
    }
}
