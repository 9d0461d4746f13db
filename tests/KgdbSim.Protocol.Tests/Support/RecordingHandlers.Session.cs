using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in Supported packet, ReplyWriter reply) =>
        describe ? Record(reply, $"Supported {packet.Offered}") : Seen(reply);

    public Answer Handle(scoped in StartNoAck packet, ReplyWriter reply) => Record(reply, "StartNoAck");

    public Answer Handle(scoped in MustReplyEmpty packet, ReplyWriter reply) => Record(reply, "MustReplyEmpty");

    public Answer Handle(scoped in ExtendedMode packet, ReplyWriter reply) => Record(reply, "ExtendedMode");

    public Answer Handle(scoped in Attached packet, ReplyWriter reply) =>
        describe ? Record(reply, "Attached " + Process(packet.Process)) : Seen(reply);

    public Answer Handle(scoped in Attach packet, ReplyWriter reply) =>
        describe ? Record(reply, $"Attach {packet.Process}") : Seen(reply);

    public Answer Handle(scoped in Detach packet, ReplyWriter reply) =>
        describe ? Record(reply, "Detach " + Process(packet.Process)) : Seen(reply);

    public Answer Handle(scoped in Kill packet, ReplyWriter reply) => Record(reply, "Kill");

    public Answer Handle(scoped in KillProcess packet, ReplyWriter reply) =>
        describe ? Record(reply, $"KillProcess {packet.Process}") : Seen(reply);

    public Answer Handle(scoped in Restart packet, ReplyWriter reply) =>
        describe ? Record(reply, $"Restart {packet.Code}") : Seen(reply);

    public Answer Handle(scoped in Run packet, ReplyWriter reply) =>
        describe ? Record(reply, $"Run file={Digits(packet.File)} {Arguments(packet)}") : Seen(reply);

    public Answer Handle(scoped in LookUpSymbol packet, ReplyWriter reply) =>
        describe
            ? Record(reply, $"LookUpSymbol {packet.Value?.ToString("x") ?? "none"} name={Digits(packet.Name)}")
            : Seen(reply);

    private static string Process(int? process) => process?.ToString() ?? "any";

    private static string Arguments(in Run packet) =>
        packet.Arguments.IsEmpty ? "" : $"arguments={Encoding.ASCII.GetString(packet.Arguments)}";
}
