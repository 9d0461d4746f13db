using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Replies;

/// <summary>
/// <c>F result[,errno][;attachment]</c>: answers a <c>vFile</c> packet (GDB manual, "Host I/O Packets").
/// </summary>
public static class FileReply
{
    /// <summary><c>F</c>, eight digits, <c>;</c>.</summary>
    private const int HeadLengthMax = 10;

    /// <summary>Replaces the reply by a result alone: a descriptor, or 0 for success.</summary>
    public static void Write(ReplyWriter reply, int result)
    {
        reply.Clear();
        reply.Write((byte)'F');
        reply.WriteNumber((ulong)result);
    }

    /// <summary>Replaces the reply by a failure, result -1 and an errno in hexadecimal.</summary>
    public static void WriteError(ReplyWriter reply, ErrorNumber number)
    {
        reply.Clear();
        reply.Write("F-1,"u8);
        reply.WriteNumber((ulong)number);
    }

    /// <summary>
    /// Replaces the reply by data, whose length is the result. gdb takes a result of 0 for the end of the file.
    /// </summary>
    /// <param name="reply">Where to.</param>
    /// <param name="data">The attachment, not yet escaped.</param>
    /// <param name="payloadMax">The longest reply, in bytes; what does not fit is left out, and gdb asks again.</param>
    public static void WriteData(ReplyWriter reply, ReadOnlySpan<byte> data, int payloadMax)
    {
        int room = payloadMax - HeadLengthMax;
        int fitting = BinaryEscape.FittingLength(data, room);
        Write(reply, fitting);
        reply.Write((byte)';');
        reply.WriteBinary(data[..fitting]);
    }
}
