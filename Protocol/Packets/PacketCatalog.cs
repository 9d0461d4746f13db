using System.Collections.Immutable;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// Every packet of <see cref="IPacketHandlers"/>: the dispatcher, and the source of what <c>qSupported</c> announces
/// and of the table in the README.
/// </summary>
public static class PacketCatalog
{
    private static readonly PacketRow[][] ByFirstByte = Index();

    /// <summary>All packets, ordered by prefix.</summary>
    public static ImmutableArray<PacketRow> Rows { get; } =
    [
        .. ByFirstByte.SelectMany(static rows => rows)
            .OrderBy(static row => Convert.ToHexString(row.Prefix), StringComparer.Ordinal),
    ];

    /// <summary>Finds the packet that <paramref name="payload"/> is, parses it and calls its handler.</summary>
    /// <param name="payload">A frame's payload.</param>
    /// <param name="handlers">What answers.</param>
    /// <param name="reply">Cleared first. Holds the reply afterwards, also for an unknown or malformed packet.</param>
    public static DispatchResult Dispatch(ReadOnlySpan<byte> payload, IPacketHandlers handlers, ReplyWriter reply)
    {
        reply.Clear();
        if (!payload.IsEmpty)
        {
            foreach (PacketRow row in ByFirstByte[payload[0]])
            {
                if (row.Matches(payload))
                {
                    return row.Dispatch(payload, handlers, reply);
                }
            }
        }

        return new DispatchResult(DispatchOutcome.Unknown, Answer.Now);
    }

    /// <summary>
    /// The list of packets is <see cref="IPacketHandlers"/>' list of interfaces, read once; nothing else names them
    /// all.
    /// </summary>
    private static PacketRow[][] Index()
    {
        var byFirstByte = new List<PacketRow>[256];
        foreach (Type handler in typeof(IPacketHandlers).GetInterfaces())
        {
            Type row = typeof(PacketRow<>).MakeGenericType(handler.GenericTypeArguments);
            var created = (PacketRow)Activator.CreateInstance(row)!;
            (byFirstByte[created.Prefix[0]] ??= []).Add(created);
        }

        return [.. byFirstByte.Select(static rows =>
            rows is null ? [] : rows.OrderByDescending(static row => row.Prefix.Length).ToArray())];
    }
}
