using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in HaltReason packet, ReplyWriter reply) => Record(reply, "HaltReason");

    public Answer Handle(scoped in Continue packet, ReplyWriter reply) =>
        describe ? Record(reply, "Continue " + Address(packet.Address)) : Seen(reply);

    public Answer Handle(scoped in ContinueWithSignal packet, ReplyWriter reply) =>
        describe ? Record(reply, $"ContinueWithSignal signal={packet.Signal} {Address(packet.Address)}") : Seen(reply);

    public Answer Handle(scoped in Step packet, ReplyWriter reply) =>
        describe ? Record(reply, "Step " + Address(packet.Address)) : Seen(reply);

    public Answer Handle(scoped in StepWithSignal packet, ReplyWriter reply) =>
        describe ? Record(reply, $"StepWithSignal signal={packet.Signal} {Address(packet.Address)}") : Seen(reply);

    public Answer Handle(scoped in VContQuery packet, ReplyWriter reply) => Record(reply, "VContQuery");

    public Answer Handle(scoped in VCont packet, ReplyWriter reply) =>
        describe ? Record(reply, "VCont " + Describe(packet)) : Seen(reply);

    public Answer Handle(scoped in ReverseContinue packet, ReplyWriter reply) => Record(reply, "ReverseContinue");

    public Answer Handle(scoped in ReverseStep packet, ReplyWriter reply) => Record(reply, "ReverseStep");

    public Answer Handle(scoped in PassSignals packet, ReplyWriter reply) =>
        describe ? Record(reply, "PassSignals " + Describe(packet)) : Seen(reply);

    private static string Address(ulong? address) => address is { } given ? $"address={given:x}" : "";

    private static string Describe(in VCont packet)
    {
        var text = new StringBuilder();
        foreach (VContAction action in packet)
        {
            text.Append($" {action.Kind}");
            text.Append(action.Signal == GdbSignal.None ? "" : $"+{(int)action.Signal}");
            text.Append(action.Kind == VContKind.RangeStep ? $"[{action.RangeStart:x},{action.RangeEnd:x})" : "");
            text.Append(action.Thread == new ThreadId(ThreadId.All, ThreadId.All) ? "(all)" : $"({Id(action.Thread)})");
        }

        return text.ToString().TrimStart();
    }

    private static string Describe(in PassSignals packet)
    {
        var listed = new List<GdbSignal>();
        for (int number = 0; number <= byte.MaxValue; number++)
        {
            if (packet.Contains((GdbSignal)number))
            {
                listed.Add((GdbSignal)number);
            }
        }

        return string.Join(' ', listed);
    }
}
