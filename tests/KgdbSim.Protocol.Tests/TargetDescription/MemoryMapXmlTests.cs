using System.Text;
using System.Xml;
using System.Xml.Linq;
using KgdbSim.Protocol.TargetDescription;

namespace KgdbSim.Protocol.Tests.TargetDescription;

/// <summary>GDB manual, "Memory Map Format".</summary>
public sealed class MemoryMapXmlTests
{
    [Fact]
    public void Regions_have_type_start_and_length()
    {
        byte[] document = MemoryMapXml.Render(
            new MemoryRegion(MemoryRegionKind.Ram, 0, 0x1000_0000),
            new MemoryRegion(MemoryRegionKind.Rom, 0xFFFF_FFFF_FFFF_0000, 0x1_0000));
        using var reader = XmlReader.Create(
            new StringReader(Encoding.UTF8.GetString(document)),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        Assert.Equal(
            [
                """<memory type="ram" start="0x0" length="0x10000000" />""",
                """<memory type="rom" start="0xffffffffffff0000" length="0x10000" />""",
            ],
            XDocument.Load(reader).Root!.Elements().Select(region => region.ToString()));
    }
}
