using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in InsertBreakpoint packet, ReplyWriter reply) =>
        describe ? Record(reply, "InsertBreakpoint " + Describe(packet)) : Seen(reply);

    public Answer Handle(scoped in RemoveBreakpoint packet, ReplyWriter reply) =>
        describe ? Record(reply, "RemoveBreakpoint " + Target(packet.Target)) : Seen(reply);

    private static string Target(BreakpointTarget target) => $"{target.Kind} {target.Address:x} {target.Length}";

    private static string Describe(in InsertBreakpoint packet)
    {
        var text = new StringBuilder(Target(packet.Target));
        foreach (HexBytes condition in packet.Conditions)
        {
            text.Append($" if={Digits(condition)}");
        }

        foreach (HexBytes command in packet.Commands)
        {
            text.Append($" do={Digits(command)}");
        }

        return text.Append(packet.CommandsPersist ? " persist" : "").ToString();
    }
}
