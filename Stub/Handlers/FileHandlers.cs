using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>
/// The guest's image as the only file there is: <c>vFile</c>. No path of the host is ever opened here, so that a debugger
/// sees nothing of it.
/// </summary>
internal sealed class FileHandlers(SessionContext context)
{
    /// <summary>0-2 would be taken for standard streams by a person reading a log.</summary>
    private const int FirstDescriptor = 3;

    private const int DescriptorCount = 16;

    private readonly bool[] _open = new bool[DescriptorCount];

    private IGuestImage? Image => context.Target.Image;

    /// <summary>Whose file system: there is one process and no difference.</summary>
    public static Answer ChooseFileSystem(ReplyWriter reply)
    {
        FileReply.Write(reply, 0);
        return Answer.Now;
    }

    public Answer Open(in FileOpen packet, ReplyWriter reply)
    {
        const int ReadOnly = 0;
        int free = Array.IndexOf(_open, false);
        if (!IsImage(packet.Path))
        {
            FileReply.WriteError(reply, ErrorNumber.NotFound);
        }
        else if (packet.Flags != ReadOnly)
        {
            FileReply.WriteError(reply, ErrorNumber.ReadOnly);
        }
        else if (free < 0)
        {
            FileReply.WriteError(reply, ErrorNumber.TooManyOpen);
        }
        else
        {
            _open[free] = true;
            FileReply.Write(reply, free + FirstDescriptor);
        }

        return Answer.Now;
    }

    public Answer Close(in FileClose packet, ReplyWriter reply)
    {
        if (!IsOpen(packet.Descriptor, reply))
        {
            return Answer.Now;
        }

        _open[packet.Descriptor - FirstDescriptor] = false;
        FileReply.Write(reply, 0);
        return Answer.Now;
    }

    public Answer Read(in FileRead packet, ReplyWriter reply)
    {
        if (!IsOpen(packet.Descriptor, reply))
        {
            return Answer.Now;
        }

        ReadOnlySpan<byte> file = Image!.Bytes.Span;
        ReadOnlySpan<byte> rest = packet.Offset >= (ulong)file.Length ? default : file[(int)packet.Offset..];
        FileReply.WriteData(reply, rest[..Math.Min(rest.Length, packet.Count)], PacketFramer.DefaultPayloadMax);
        return Answer.Now;
    }

    public Answer Status(in FileStatus packet, ReplyWriter reply)
    {
        if (IsOpen(packet.Descriptor, reply))
        {
            WriteStatus(reply);
        }

        return Answer.Now;
    }

    public Answer Status(in FilePathStatus packet, ReplyWriter reply)
    {
        if (IsImage(packet.Path))
        {
            WriteStatus(reply);
        }
        else
        {
            FileReply.WriteError(reply, ErrorNumber.NotFound);
        }

        return Answer.Now;
    }

    /// <summary>Nothing can be written, removed or is a link.</summary>
    public static Answer Refuse(ReplyWriter reply, ErrorNumber why)
    {
        FileReply.WriteError(reply, why);
        return Answer.Now;
    }

    private void WriteStatus(ReplyWriter reply)
    {
        Span<byte> encoded = stackalloc byte[FileStat.EncodedLength];
        new FileStat(FileStat.ReadableFile, (ulong)Image!.Bytes.Length, 0).Encode(encoded);
        FileReply.WriteData(reply, encoded, PacketFramer.DefaultPayloadMax);
    }

    private bool IsImage(HexBytes path)
    {
        byte[] name = new byte[path.Length];
        path.CopyTo(name);
        return Image is { } image && Encoding.UTF8.GetString(name) == image.Path;
    }

    private bool IsOpen(int descriptor, ReplyWriter reply)
    {
        int index = descriptor - FirstDescriptor;
        if (Image is not null && index >= 0 && index < DescriptorCount && _open[index])
        {
            return true;
        }

        FileReply.WriteError(reply, ErrorNumber.BadDescriptor);
        return false;
    }
}
