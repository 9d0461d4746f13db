using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qSupported[:feature;feature...]</c>: tells what the debugger can do and asks what the stub can.
/// </summary>
/// <remarks>
/// Example: <c>qSupported:multiprocess+;swbreak+;xmlRegisters=i386</c>. "Receivers must ignore unknown features", so
/// only a missing colon makes it malformed. LLDB lists several values, <c>xmlRegisters=i386,arm,mips</c>.
/// </remarks>
public readonly ref struct Supported : IPacket<Supported>
{
    private Supported(ReadOnlySpan<byte> list)
    {
        List = list;
        Offered = FeatureList.Parse(list);
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qSupported"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qSupported[:gdbfeature[;gdbfeature]...]", "negotiate features");

    /// <summary>The debugger's list as sent.</summary>
    public ReadOnlySpan<byte> List { get; }

    /// <summary>What it offers, as far as it is known here.</summary>
    public GdbFeatures Offered { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Supported packet)
    {
        bool valid = reader.IsAtEnd || reader.TrySkip((byte)':');
        packet = new Supported(reader.Rest);
        return valid;
    }
}
