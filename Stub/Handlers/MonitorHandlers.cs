using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Stub.Monitor;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>gdb's <c>monitor</c>: <c>qRcmd</c>. What a command prints goes out as console packets before the answer.</summary>
internal sealed class MonitorHandlers(SessionContext context, MonitorCommands commands)
{
    /// <summary>Bytes of text in one console packet; as hexadecimal it is twice that, and old gdbs read 16 KiB.</summary>
    private const int PieceMax = 0x1000;

    public Answer Execute(in MonitorCommand packet, ReplyWriter reply)
    {
        byte[] line = new byte[packet.Text.Length];
        packet.Text.CopyTo(line);
        StringWriter output = new() { NewLine = "\n" };
        commands.Execute(Encoding.UTF8.GetString(line), new MonitorContext(context.Control, context.Selection.Cpu, output));
        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(output.ToString());
        while (!text.IsEmpty)
        {
            ReadOnlySpan<byte> piece = text[..Math.Min(text.Length, PieceMax)];
            ConsoleOutput.Write(reply, piece);
            context.Link.Send();
            text = text[piece.Length..];
        }

        reply.Clear();
        reply.WriteOk();
        return Answer.Now;
    }
}
