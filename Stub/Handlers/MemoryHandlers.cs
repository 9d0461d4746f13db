using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>Guest memory as the selected CPU sees it: <c>m M x X</c>.</summary>
internal sealed class MemoryHandlers(SessionContext context)
{
    /// <summary>Data of one packet between wire and machine; as hexadecimal it would be twice as long.</summary>
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(PacketFramer.DefaultPayloadMax);

    public Answer Read(in ReadMemory packet, ReplyWriter reply)
    {
        int length = Math.Min(packet.Length, PacketFramer.DefaultPayloadMax / 2);
        if (TryRead(packet.Address, length, reply, out ReadOnlySpan<byte> data))
        {
            reply.WriteHex(data);
        }

        return Answer.Now;
    }

    public Answer ReadBinary(in ReadMemoryBinary packet, ReplyWriter reply)
    {
        int length = Math.Min(packet.Length, PacketFramer.DefaultPayloadMax - 1);
        if (!TryRead(packet.Address, length, reply, out ReadOnlySpan<byte> data))
        {
            return Answer.Now;
        }

        // Every byte might need an escape: rather than count, send what is sure to fit, and gdb asks for the rest.
        int fitting = BinaryEscape.FittingLength(data, PacketFramer.DefaultPayloadMax - 1);
        reply.Write((byte)'b');
        reply.WriteBinary(data[..fitting]);
        return Answer.Now;
    }

    public Answer Write(in WriteMemory packet, ReplyWriter reply)
    {
        Span<byte> data = _scratch.AsSpan(0, packet.Data.Length);
        packet.Data.CopyTo(data);
        return Write(packet.Address, data, reply);
    }

    public Answer WriteBinary(in WriteMemoryBinary packet, ReplyWriter reply)
    {
        if (packet.Data.IsPlain)
        {
            return Write(packet.Address, packet.Data.Text, reply);
        }

        Span<byte> data = _scratch.AsSpan(0, packet.Data.Length);
        packet.Data.CopyTo(data);
        return Write(packet.Address, data, reply);
    }

    private bool TryRead(ulong address, int length, ReplyWriter reply, out ReadOnlySpan<byte> data)
    {
        int count = context.Target.ReadMemory(context.Selection.Cpu, address, _scratch.AsSpan(0, length));
        data = _scratch.AsSpan(0, count);
        if (count == 0 && length > 0)
        {
            reply.WriteError(ErrorNumber.BadAddress, "this memory cannot be read"u8);
            return false;
        }

        return true;
    }

    private Answer Write(ulong address, ReadOnlySpan<byte> data, ReplyWriter reply)
    {
        if (data.IsEmpty || context.Target.WriteMemory(context.Selection.Cpu, address, data))
        {
            reply.WriteOk();
        }
        else
        {
            reply.WriteError(ErrorNumber.BadAddress, "this memory cannot be written; nothing was"u8);
        }

        return Answer.Now;
    }
}
