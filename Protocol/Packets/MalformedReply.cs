using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>The error that answers a packet which does not parse: names the packet and what is wrong with it.</summary>
internal static class MalformedReply
{
    public static void Write(ReplyWriter reply, ReadOnlySpan<byte> prefix, PacketError error)
    {
        ReadOnlySpan<byte> lead = "malformed packet "u8;
        ReadOnlySpan<byte> reason = Describe(error);
        Span<byte> text = stackalloc byte[lead.Length + prefix.Length + 2 + reason.Length];
        lead.CopyTo(text);
        prefix.CopyTo(text[lead.Length..]);
        ": "u8.CopyTo(text[(lead.Length + prefix.Length)..]);
        reason.CopyTo(text[(lead.Length + prefix.Length + 2)..]);
        ErrorReply.Write(reply, ErrorNumber.Invalid, text);
    }

    private static ReadOnlySpan<byte> Describe(PacketError error) => error switch
    {
        PacketError.MissingNumber => "a hexadecimal number is missing"u8,
        PacketError.NumberTooLarge => "a number is too large"u8,
        PacketError.BadThreadId => "not a thread id"u8,
        PacketError.BadHex => "not pairs of hexadecimal digits"u8,
        PacketError.BadEscape => "binary data ends inside an escape"u8,
        PacketError.LengthMismatch => "the data is not of the announced length"u8,
        PacketError.BadExpression => "a condition or command is ill-formed"u8,
        _ => "unexpected or missing separator"u8,
    };
}
