using KgdbSim.Protocol.Packets;

namespace KgdbSim.Protocol.Tests.Packets;

public sealed class PacketCatalogTests
{
    [Fact]
    public void Every_prefix_is_there_once()
    {
        Assert.NotEmpty(PacketCatalog.Rows);
        Assert.Equal(PacketCatalog.Rows.Length, PacketCatalog.Rows.Select(row => Convert.ToHexString(row.Prefix)).Distinct().Count());
    }
}
