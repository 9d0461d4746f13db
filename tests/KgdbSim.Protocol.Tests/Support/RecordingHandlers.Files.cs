using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Tests.Support;

internal sealed partial class RecordingHandlers
{
    public Answer Handle(scoped in FileSetFs packet, ReplyWriter reply) =>
        describe ? Record(reply, $"FileSetFs {packet.Process}") : Seen(reply);

    public Answer Handle(scoped in FileOpen packet, ReplyWriter reply) =>
        describe
            ? Record(reply, $"FileOpen {Digits(packet.Path)} flags={packet.Flags} mode={packet.Mode}")
            : Seen(reply);

    public Answer Handle(scoped in FileRead packet, ReplyWriter reply) =>
        describe
            ? Record(reply, $"FileRead {packet.Descriptor} count={packet.Count} offset={packet.Offset}")
            : Seen(reply);

    public Answer Handle(scoped in FileWrite packet, ReplyWriter reply) =>
        describe
            ? Record(reply, $"FileWrite {packet.Descriptor} offset={packet.Offset} data={Bytes(packet.Data)}")
            : Seen(reply);

    public Answer Handle(scoped in FileClose packet, ReplyWriter reply) =>
        describe ? Record(reply, $"FileClose {packet.Descriptor}") : Seen(reply);

    public Answer Handle(scoped in FileStatus packet, ReplyWriter reply) =>
        describe ? Record(reply, $"FileStatus {packet.Descriptor}") : Seen(reply);

    public Answer Handle(scoped in FilePathStatus packet, ReplyWriter reply) =>
        describe ? Record(reply, "FilePathStatus " + Digits(packet.Path)) : Seen(reply);

    public Answer Handle(scoped in FileUnlink packet, ReplyWriter reply) =>
        describe ? Record(reply, "FileUnlink " + Digits(packet.Path)) : Seen(reply);

    public Answer Handle(scoped in FileReadLink packet, ReplyWriter reply) =>
        describe ? Record(reply, "FileReadLink " + Digits(packet.Path)) : Seen(reply);
}
