using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in ReadRegisters packet, ReplyWriter reply) => Record(reply, "ReadRegisters");

    public Answer Handle(scoped in WriteRegisters packet, ReplyWriter reply) =>
        describe ? Record(reply, $"WriteRegisters values={Digits(packet.Values)}") : Seen(reply);

    public Answer Handle(scoped in ReadRegister packet, ReplyWriter reply) =>
        describe ? Record(reply, $"ReadRegister number={packet.Number}") : Seen(reply);

    public Answer Handle(scoped in WriteRegister packet, ReplyWriter reply) =>
        describe ? Record(reply, $"WriteRegister number={packet.Number} value={Digits(packet.Value)}") : Seen(reply);
}
