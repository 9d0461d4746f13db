using KgdbSim.Protocol.Framing;

namespace KgdbSim.Protocol.Replies;

/// <summary>
/// The window of a document that answers one <c>qXfer:...:read</c>: <c>m</c> and data if more follows, <c>l</c> and
/// data (perhaps none) at the end (GDB manual, "General Query Packets", qXfer).
/// </summary>
public static class XferReply
{
    /// <summary>Writes the window.</summary>
    /// <param name="reply">Where to.</param>
    /// <param name="document">The whole document.</param>
    /// <param name="offset">Where the window starts; beyond the end gives an empty <c>l</c>.</param>
    /// <param name="length">How many bytes of the document are asked for; fewer may be given.</param>
    /// <param name="payloadMax">The longest reply, in bytes, escapes included; at least 3.</param>
    public static void Write(ReplyWriter reply, ReadOnlySpan<byte> document, ulong offset, int length, int payloadMax)
    {
        ReadOnlySpan<byte> rest = offset >= (ulong)document.Length ? default : document[(int)offset..];
        ReadOnlySpan<byte> window = rest[..Math.Min(rest.Length, length)];
        int head = reply.Length;
        reply.Write((byte)'m');
        Span<byte> space = reply.GetSpan(payloadMax - 1)[..(payloadMax - 1)];
        BinaryEscape.Encode(window, space, out int consumed, out int written);
        reply.Advance(written);
        if (consumed == rest.Length)
        {
            reply.Replace(head, (byte)'l');
        }
    }
}
