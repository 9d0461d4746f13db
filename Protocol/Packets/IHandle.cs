using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Packets;

/// <summary>Answers one type of packet.</summary>
/// <typeparam name="TPacket">The packet.</typeparam>
public interface IHandle<TPacket>
    where TPacket : struct, IPacket<TPacket>, allows ref struct
{
    /// <summary>Does what the packet asks for.</summary>
    /// <param name="packet">The packet; it borrows from the input and must not be kept.</param>
    /// <param name="reply">Empty; the handler writes its answer, or leaves it empty to say that it does not support the
    /// request.</param>
    /// <returns>When the reply is due.</returns>
    Answer Handle(scoped in TPacket packet, ReplyWriter reply);
}
