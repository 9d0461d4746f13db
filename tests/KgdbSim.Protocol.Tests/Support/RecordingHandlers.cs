using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Support;

/// <summary>
/// Describes each packet in the words of <c>Corpora/packets.txt</c>. When <paramref name="describe"/> is off it only
/// reads what an ordinary handler would, and allocates nothing.
/// </summary>
internal sealed partial class RecordingHandlers(bool describe) : IPacketHandlers
{
    private readonly byte[] _scratch = new byte[0x20000];

    /// <summary>Type and fields of the packet handled last.</summary>
    public string Last { get; private set; } = "";

    /// <summary>How many packets were handled.</summary>
    public int Count { get; private set; }

    private Answer Seen(ReplyWriter reply)
    {
        Count++;
        Last = "";
        reply.WriteOk();
        return Answer.Now;
    }

    private Answer Record(ReplyWriter reply, string description)
    {
        Seen(reply);
        Last = description.TrimEnd();
        return Answer.Now;
    }

    private string Bytes(EscapedBytes bytes)
    {
        bytes.CopyTo(_scratch);
        return Convert.ToHexStringLower(_scratch, 0, bytes.Length);
    }

    private static string Digits(HexBytes bytes) => Encoding.ASCII.GetString(bytes.Text);

    /// <summary>An id as gdb writes it; one without process is ambiguous only for process "any".</summary>
    private static string Id(ThreadId id) =>
        id.Process == ThreadId.Any ? Part(id.Thread) : $"p{Part(id.Process)}.{Part(id.Thread)}";

    private static string Part(int part) => part.ToString();
}
