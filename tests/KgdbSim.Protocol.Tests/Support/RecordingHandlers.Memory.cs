using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in ReadMemory packet, ReplyWriter reply) =>
        describe ? Record(reply, $"ReadMemory address={packet.Address:x} length={packet.Length}") : Seen(reply);

    public Answer Handle(scoped in WriteMemory packet, ReplyWriter reply) =>
        describe ? Record(reply, $"WriteMemory address={packet.Address:x} data={Digits(packet.Data)}") : Seen(reply);

    public Answer Handle(scoped in ReadMemoryBinary packet, ReplyWriter reply) =>
        describe ? Record(reply, $"ReadMemoryBinary address={packet.Address:x} length={packet.Length}") : Seen(reply);

    public Answer Handle(scoped in WriteMemoryBinary packet, ReplyWriter reply) =>
        describe
            ? Record(reply, $"WriteMemoryBinary address={packet.Address:x} data={Bytes(packet.Data)}")
            : Seen(reply);

    public Answer Handle(scoped in SearchMemory packet, ReplyWriter reply) =>
        describe
            ? Record(
                reply,
                $"SearchMemory address={packet.Address:x} length={packet.Length}"
                + $" pattern={Bytes(packet.Pattern)}")
            : Seen(reply);

    public Answer Handle(scoped in MemoryCrc packet, ReplyWriter reply) =>
        describe ? Record(reply, $"MemoryCrc address={packet.Address:x} length={packet.Length}") : Seen(reply);

    public Answer Handle(scoped in MemoryRegionInfo packet, ReplyWriter reply) =>
        describe ? Record(reply, $"MemoryRegionInfo address={packet.Address:x}") : Seen(reply);
}
