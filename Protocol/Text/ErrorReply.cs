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
