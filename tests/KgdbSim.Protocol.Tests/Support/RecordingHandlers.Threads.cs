using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in SetThread packet, ReplyWriter reply) =>
        describe
            ? Record(reply, $"SetThread {(packet.ForExecution ? "execution" : "registers")} {Id(packet.Thread)}")
            : Seen(reply);

    public Answer Handle(scoped in ThreadAlive packet, ReplyWriter reply) =>
        describe ? Record(reply, "ThreadAlive " + Id(packet.Thread)) : Seen(reply);

    public Answer Handle(scoped in CurrentThread packet, ReplyWriter reply) => Record(reply, "CurrentThread");

    public Answer Handle(scoped in FirstThreads packet, ReplyWriter reply) => Record(reply, "FirstThreads");

    public Answer Handle(scoped in NextThreads packet, ReplyWriter reply) => Record(reply, "NextThreads");

    public Answer Handle(scoped in ThreadExtraInfo packet, ReplyWriter reply) =>
        describe ? Record(reply, "ThreadExtraInfo " + Id(packet.Thread)) : Seen(reply);

    public Answer Handle(scoped in ThreadEvents packet, ReplyWriter reply) =>
        describe ? Record(reply, $"ThreadEvents {packet.Enabled}") : Seen(reply);
}
