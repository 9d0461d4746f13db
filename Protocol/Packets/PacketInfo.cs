using System.Collections.Immutable;

namespace KgdbSim.Protocol.Packets;

/// <summary>What the README's table and <c>qSupported</c> need to know about a packet.</summary>
/// <param name="Syntax">Its grammar, as the manual writes it.</param>
/// <param name="Summary">What it asks for, in a few words.</param>
/// <param name="Features">The names it contributes to <c>qSupported</c>; see <see cref="Replies.StubFeature"/>.</param>
public sealed record PacketInfo(string Syntax, string Summary, params ImmutableArray<string> Features);
