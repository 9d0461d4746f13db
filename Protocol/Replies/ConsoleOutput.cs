namespace KgdbSim.Protocol.Replies;

/// <summary>
/// <c>O XX...</c>: text for the debugger's console, while the target runs or while <c>qRcmd</c> is at work (GDB manual,
/// "Stop Reply Packets" and <c>qRcmd</c>). It does not end the waiting for a reply.
/// </summary>
public static class ConsoleOutput
{
    /// <summary>Replaces the reply by one console packet.</summary>
    /// <param name="reply">Where to.</param>
    /// <param name="output">The bytes to print, not empty: gdb would take <c>O</c> alone for an error.</param>
    public static void Write(ReplyWriter reply, ReadOnlySpan<byte> output)
    {
        reply.Clear();
        reply.Write((byte)'O');
        reply.WriteHex(output);
    }
}
