using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// A packet the debugger sends: how it is recognised and parsed. It only describes; an <see cref="IHandle{TPacket}"/>
/// acts.
/// </summary>
/// <typeparam name="TSelf">The packet itself, a <c>readonly ref struct</c> that borrows from the payload.</typeparam>
public interface IPacket<TSelf>
    where TSelf : struct, IPacket<TSelf>, allows ref struct
{
    /// <summary>
    /// What the payload starts with. If it is a name of several letters, a separator or the end must follow it ("stubs
    /// must be careful to match the full packet name", GDB manual, "General Query Packets"). The longest prefix wins,
    /// wherever it is listed.
    /// </summary>
    static abstract ReadOnlySpan<byte> Prefix { get; }

    /// <summary>Its documentation and its part in <c>qSupported</c>.</summary>
    static abstract PacketInfo Info { get; }

    /// <summary>Parses what follows the prefix.</summary>
    /// <param name="reader">The payload behind the prefix; its <see cref="PayloadReader.Error"/> names what is
    /// wrong.</param>
    /// <param name="packet">The packet, valid as long as the payload.</param>
    /// <returns>Whether the payload is well-formed to its end.</returns>
    static abstract bool TryParse(ref PayloadReader reader, out TSelf packet);
}
