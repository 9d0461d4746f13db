using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Protocol.Tests.Replies;

/// <summary>GDB manual, "General Query Packets", qSupported.</summary>
public sealed class FeatureListTests
{
    private readonly ReplyWriter _reply = new(16);

    [Fact]
    public void The_packet_size_comes_in_hexadecimal()
    {
        FeatureList.Write(_reply, 0x20000, _ => false);
        Assert.Equal("PacketSize=20000", Encoding.ASCII.GetString(_reply.Written));
    }

    [Fact]
    public void Everything_the_packets_contribute_can_be_offered()
    {
        FeatureList.Write(_reply, 0x1000, _ => true);
        string[] parts = Encoding.ASCII.GetString(_reply.Written).Split(';');
        Assert.Equal(
            [
                "BreakpointCommands+", "ConditionalBreakpoints+", "PacketSize=1000", "QPassSignals+",
                "QStartNoAckMode+", "QThreadEvents+", "ReverseContinue+", "ReverseStep+", "binary-upload+",
                "error-message+", "hwbreak+", "multiprocess+", "no-resumed+", "qXfer:exec-file:read+",
                "qXfer:features:read+", "qXfer:memory-map:read+", "qXfer:threads:read+", "swbreak+", "vContSupported+",
            ],
            parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_what_the_stub_confirms_is_offered()
    {
        FeatureList.Write(_reply, 0x1000, name => name == StubFeature.ReverseStep);
        Assert.Equal("PacketSize=1000;ReverseStep+", Encoding.ASCII.GetString(_reply.Written));
    }

    [Fact]
    public void Every_name_a_stub_may_be_asked_about_is_a_constant()
    {
        HashSet<string> constants =
            [.. typeof(StubFeature).GetFields().Select(field => (string)field.GetRawConstantValue()!)];
        var asked = new HashSet<string> { StubFeature.PacketSize };
        FeatureList.Write(_reply, 0x1000, asked.Add);
        Assert.Equal(constants.Order(), asked.Order());
        Assert.All(PacketCatalog.Rows.SelectMany(row => row.Info.Features), name => Assert.Contains(name, constants));
    }
}
