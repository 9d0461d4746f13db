using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>Documents that gdb reads in pieces: <c>qXfer</c>, and where the image lies: <c>qOffsets</c>.</summary>
internal sealed class TransferHandlers(SessionContext context)
{
    private readonly ReplyWriter _threads = new(0x400);
    private readonly byte[] _image = Encoding.UTF8.GetBytes(context.Target.Image?.Path ?? "");
    private byte[]? _description;
    private byte[]? _map;

    public Answer Read(in TransferRead packet, ReplyWriter reply)
    {
        switch (packet.Object)
        {
            case TransferObject.Features when packet.Annex.SequenceEqual(TargetXml.Annex):
                _description ??= TargetXml.Render(context.Target.Registers, "none");
                return Send(packet, _description, reply);
            case TransferObject.Threads:
                return Send(packet, Threads(packet.Offset), reply);
            case TransferObject.MemoryMap when context.Target.MemoryMap is not null:
                _map ??= MemoryMapXml.Render(Canonical);
                return Send(packet, _map, reply);
            case TransferObject.ExecFile when _image.Length > 0:
                return Send(packet, _image, reply);
            default:
                reply.WriteError(ErrorNumber.NotFound, "there is no such document"u8);
                return Answer.Now;
        }
    }

    /// <summary>How far the image was moved; nothing to say without one.</summary>
    public Answer Offsets(ReplyWriter reply)
    {
        if (context.Target.Image is { } image)
        {
            reply.Write("Text="u8);
            reply.WriteNumber(image.LoadBias);
            reply.Write(";Data="u8);
            reply.WriteNumber(image.LoadBias);
            reply.Write(";Bss="u8);
            reply.WriteNumber(image.LoadBias);
        }

        return Answer.Now;
    }

    /// <summary>
    /// Both halves of the canonical virtual addresses. gdb knows no others, and it must not keep its user away from any:
    /// what is mapped where changes while the guest runs.
    /// </summary>
    private static ReadOnlySpan<MemoryRegion> Canonical => new MemoryRegion[]
    {
        new(MemoryRegionKind.Ram, 0, 0x8000_0000_0000),
        new(MemoryRegionKind.Ram, 0xffff_8000_0000_0000, 0x7fff_ffff_ffff),
    };

    private ReadOnlySpan<byte> Threads(ulong offset)
    {
        // The pieces of one transfer must fit together: what was rendered for the first is kept for the rest.
        if (offset > 0)
        {
            return _threads.Written;
        }

        ThreadsXml list = new(_threads, context.Offered);
        for (int i = 0; context.HasProcess && i < context.Threads.Count; i++)
        {
            DebugThread thread = context.Threads[i];
            list.Add(thread.Id, thread.Cpu, context.Threads.NameOf(thread), context.Threads.DetailOf(thread));
        }

        list.End();
        return _threads.Written;
    }

    private static Answer Send(in TransferRead packet, ReadOnlySpan<byte> document, ReplyWriter reply)
    {
        XferReply.Write(reply, document, packet.Offset, packet.Length, PacketFramer.DefaultPayloadMax);
        return Answer.Now;
    }
}
