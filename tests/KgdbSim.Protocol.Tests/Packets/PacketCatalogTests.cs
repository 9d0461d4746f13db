using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Packets;

public sealed class PacketCatalogTests
{
    public static TheoryData<string> Types { get; } = [.. PacketCatalog.Rows.Select(row => row.PacketType.Name)];

    [Fact]
    public void Rows_are_the_interfaces_of_the_handlers()
    {
        IEnumerable<string> handled = typeof(IPacketHandlers).GetInterfaces()
            .Select(handler => handler.GenericTypeArguments.Single().Name);
        Assert.Equal(handled.Order(), PacketCatalog.Rows.Select(row => row.PacketType.Name).Order());
    }

    [Fact]
    public void Every_packet_type_is_in_the_list()
    {
        IEnumerable<string> defined = typeof(PacketCatalog).Assembly.GetTypes()
            .Where(type => type.IsValueType && type.GetInterfaces().Any(face => face.Name == "IPacket`1"))
            .Select(type => type.Name);
        Assert.Equal(defined.Order(), PacketCatalog.Rows.Select(row => row.PacketType.Name).Order());
    }

    [Fact]
    public void Every_prefix_is_there_once()
    {
        var prefixes = PacketCatalog.Rows.Select(row => Convert.ToHexString(row.Prefix)).ToList();
        Assert.NotEmpty(prefixes);
        Assert.Equal(prefixes.Distinct(), prefixes);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_packet_has_a_case_that_parses_and_one_that_does_not(string type)
    {
        PacketCase[] cases = [.. PacketCase.All.Where(packet => packet.PacketType == type)];
        Assert.Contains(cases, packet => packet.Verdict == PacketVerdict.Parses);
        Assert.Contains(cases, packet => packet.Verdict == PacketVerdict.Malformed);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_packet_is_documented(string type)
    {
        PacketRow row = PacketCatalog.Rows.Single(row => row.PacketType.Name == type);
        string name = Encoding.ASCII.GetString(row.Prefix).TrimEnd(':');
        Assert.StartsWith(name, row.Info.Syntax, StringComparison.Ordinal);
        Assert.NotEmpty(row.Info.Summary);
    }
}
