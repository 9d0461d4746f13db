using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>Work on memory that is better done here than by reading it all: <c>qSearch:memory</c> and <c>qCRC</c>.</summary>
internal sealed class SearchHandlers(SessionContext context)
{
    private const int ChunkSize = 0x10000;

    private byte[] _chunk = [];

    public Answer Search(in SearchMemory packet, ReplyWriter reply)
    {
        byte[] pattern = new byte[packet.Pattern.Length];
        packet.Pattern.CopyTo(pattern);
        if (pattern.Length == 0)
        {
            reply.WriteError(ErrorNumber.Invalid, "an empty pattern is everywhere"u8);
            return Answer.Now;
        }

        // Two neighbouring chunks share all but one byte of the pattern's length, so that no match falls between them.
        byte[] chunk = Chunk(ChunkSize + pattern.Length - 1);
        ulong address = packet.Address;
        ulong left = packet.Length;
        while (left >= (ulong)pattern.Length)
        {
            int length = (int)Math.Min(left, (ulong)chunk.Length);
            int count = context.Target.ReadMemory(context.Selection.Cpu, address, chunk.AsSpan(0, length));
            int found = chunk.AsSpan(0, count).IndexOf(pattern);
            if (found >= 0)
            {
                reply.Write("1,"u8);
                reply.WriteNumber(address + (ulong)found);
                return Answer.Now;
            }

            if (count < length)
            {
                reply.WriteError(ErrorNumber.BadAddress, "part of this memory cannot be read"u8);
                return Answer.Now;
            }

            ulong done = (ulong)(length - pattern.Length + 1);
            address += done;
            left -= done;
        }

        reply.Write((byte)'0');
        return Answer.Now;
    }

    public Answer Checksum(in MemoryCrc packet, ReplyWriter reply)
    {
        byte[] chunk = Chunk(ChunkSize);
        uint crc = GdbCrc32.Initial;
        ulong address = packet.Address;
        ulong left = packet.Length;
        while (left > 0)
        {
            int length = (int)Math.Min(left, ChunkSize);
            int count = context.Target.ReadMemory(context.Selection.Cpu, address, chunk.AsSpan(0, length));
            if (count < length)
            {
                reply.WriteError(ErrorNumber.BadAddress, "part of this memory cannot be read"u8);
                return Answer.Now;
            }

            crc = GdbCrc32.Append(crc, chunk.AsSpan(0, length));
            address += (ulong)length;
            left -= (ulong)length;
        }

        reply.Write((byte)'C');
        reply.WriteNumber(crc);
        return Answer.Now;
    }

    private byte[] Chunk(int size)
    {
        if (_chunk.Length < size)
        {
            _chunk = GC.AllocateUninitializedArray<byte>(size);
        }

        return _chunk;
    }
}
