using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in TransferRead packet, ReplyWriter reply) =>
        describe
            ? Record(
                reply,
                $"TransferRead {packet.Object} {Encoding.ASCII.GetString(packet.Annex)}"
                + $" {packet.Offset:x} {packet.Length}")
            : Seen(reply);

    public Answer Handle(scoped in MonitorCommand packet, ReplyWriter reply) =>
        describe ? Record(reply, "MonitorCommand " + Digits(packet.Text)) : Seen(reply);

    public Answer Handle(scoped in Offsets packet, ReplyWriter reply) => Record(reply, "Offsets");

    public Answer Handle(scoped in TraceStatus packet, ReplyWriter reply) => Record(reply, "TraceStatus");
}
