using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>One entry of the <see cref="PacketCatalog"/>: a packet type behind a common face.</summary>
public abstract class PacketRow
{
    private protected PacketRow(Type packetType, byte[] prefix, PacketInfo info)
    {
        PacketType = packetType;
        PrefixBytes = prefix;
        Info = info;

        // A name of several letters must not swallow a longer name: "qC" is not the packet of "qCRC". Single letters
        // are followed by their arguments directly.
        NeedsBoundary = prefix.Length > 1 && char.IsAsciiLetter((char)prefix[^1]);
    }

    /// <summary>The packet's type.</summary>
    public Type PacketType { get; }

    /// <summary>What its payloads start with.</summary>
    public ReadOnlySpan<byte> Prefix => PrefixBytes;

    /// <summary>Its description.</summary>
    public PacketInfo Info { get; }

    private bool NeedsBoundary { get; }

    private byte[] PrefixBytes { get; }

    internal bool Matches(ReadOnlySpan<byte> payload) =>
        payload.StartsWith(PrefixBytes)
        && (!NeedsBoundary || payload.Length == PrefixBytes.Length
            || payload[PrefixBytes.Length] is (byte)':' or (byte)';' or (byte)',');

    /// <summary>Parses the payload and, if that succeeds, calls the handler.</summary>
    internal abstract DispatchResult Dispatch(ReadOnlySpan<byte> payload, IPacketHandlers handlers, ReplyWriter reply);
}

/// <summary>The entry of one packet type.</summary>
/// <typeparam name="TPacket">The packet.</typeparam>
internal sealed class PacketRow<TPacket>() : PacketRow(typeof(TPacket), TPacket.Prefix.ToArray(), TPacket.Info)
    where TPacket : struct, IPacket<TPacket>, allows ref struct
{
    internal override DispatchResult Dispatch(ReadOnlySpan<byte> payload, IPacketHandlers handlers, ReplyWriter reply)
    {
        var reader = new PayloadReader(payload[Prefix.Length..]);
        if (TPacket.TryParse(ref reader, out TPacket packet))
        {
            Answer answer = ((IHandle<TPacket>)handlers).Handle(in packet, reply);
            return new DispatchResult(DispatchOutcome.Handled, answer, PacketError.None, Info);
        }

        if (reader.Error == PacketError.Unsupported)
        {
            return new DispatchResult(DispatchOutcome.Unknown, Answer.Now, reader.Error, Info);
        }

        PacketError error = reader.Error == PacketError.None ? PacketError.Syntax : reader.Error;
        MalformedReply.Write(reply, Prefix, error);
        return new DispatchResult(DispatchOutcome.Malformed, Answer.Now, error, Info);
    }
}
