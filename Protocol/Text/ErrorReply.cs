using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Text;

/// <summary>The only place where an error is put into words the wire understands.</summary>
public static class ErrorReply
{
    private const byte Substitute = (byte)'?';

    /// <summary>
    /// Replaces whatever <paramref name="reply"/> holds by <c>E.text</c> if the debugger offered <c>error-message+</c>,
    /// else by <c>Enn</c> (GDB manual, "Standard Replies").
    /// </summary>
    /// <param name="reply">The reply.</param>
    /// <param name="number">The number, two decimal digits on the wire.</param>
    /// <param name="text">What went wrong, for a person; UTF-8, no full stop. Frame characters in it are replaced,
    /// since error texts are not escaped.</param>
    public static void Write(ReplyWriter reply, ErrorNumber number, ReadOnlySpan<byte> text)
    {
        reply.Clear();
        reply.Write((byte)'E');
        if ((reply.Offered & GdbFeatures.ErrorMessage) == 0)
        {
            reply.Write((byte)('0' + ((int)number / 10)));
            reply.Write((byte)('0' + ((int)number % 10)));
            return;
        }

        reply.Write((byte)'.');
        WriteText(reply, text);
    }

    /// <summary>
    /// A refused <c>Z1</c>. A gdb that has not offered <c>error-message+</c> shows words in reply to this packet nonetheless, and in
    /// reply to no other <c>Z</c>: what comes after the second dot of <c>E.kind.text</c> (remote_insert_hw_breakpoint, gdb 7.2 to 15).
    /// It is known by <c>hwbreak+</c>, which LLDB does not offer.
    /// </summary>
    public static void WriteHardwareBreakpoint(ReplyWriter reply, ErrorNumber number, ReadOnlySpan<byte> text)
    {
        if ((reply.Offered & (GdbFeatures.ErrorMessage | GdbFeatures.HardwareBreak)) != GdbFeatures.HardwareBreak)
        {
            Write(reply, number, text);
            return;
        }

        reply.Clear();
        reply.Write("E.hbreak."u8);
        WriteText(reply, text);
    }

    private static void WriteText(ReplyWriter reply, ReadOnlySpan<byte> text)
    {
        Span<byte> copy = reply.GetSpan(text.Length)[..text.Length];
        text.CopyTo(copy);
        foreach (ref byte character in copy)
        {
            if (character is (byte)'#' or (byte)'$' or (byte)'}' or (byte)'*' or < (byte)' ' or > (byte)'~')
            {
                character = Substitute;
            }
        }

        reply.Advance(text.Length);
    }
}
