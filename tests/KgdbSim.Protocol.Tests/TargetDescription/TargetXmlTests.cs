using System.Text;
using System.Xml.Linq;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Testing;

namespace KgdbSim.Protocol.Tests.TargetDescription;

public sealed class TargetXmlTests
{
    [Fact]
    public void The_description_of_a_bare_machine_is_the_approved_one() =>
        Snapshot.Verify(Render(avx: false, linux: false, "none"), "target.approved.xml");

    [Fact]
    public void With_everything_it_is_the_approved_one() =>
        Snapshot.Verify(Render(avx: true, linux: true, "GNU/Linux"), "target-avx-linux.approved.xml");

    /// <summary>Field by field as the SDM draws DR7: enables, LE, GE, RTM, GD, then R/W and LEN of each.</summary>
    [Fact]
    public void Dr7_reads_like_the_manual()
    {
        XElement flags = XDocument.Parse(Render(avx: false, linux: false, "none")).Descendants("flags")
            .Single(element => element.Attribute("id")!.Value == "x64_dr7");
        Assert.Equal(
            "L0:0 G0:1 L1:2 G1:3 L2:4 G2:5 L3:6 G3:7 LE:8 GE:9 RTM:11 GD:13 RW0:16-17 LEN0:18-19 RW1:20-21 LEN1:22-23 "
            + "RW2:24-25 LEN2:26-27 RW3:28-29 LEN3:30-31",
            string.Join(' ', flags.Elements().Select(Describe)));
    }

    [Fact]
    public void System_registers_are_not_restored_after_a_call()
    {
        XElement feature = XDocument.Parse(Render(avx: false, linux: false, "none")).Descendants("feature").Last();
        Assert.Equal("org.kgdbsim.system", feature.Attribute("name")!.Value);
        Assert.Equal(
            ["cr0", "cr2", "cr3", "cr4", "cr8", "efer", "dr0", "dr1", "dr2", "dr3", "dr6", "dr7"],
            feature.Elements("reg").Select(register => register.Attribute("name")!.Value));
        Assert.All(feature.Elements("reg"), register => Assert.Equal("no", register.Attribute("save-restore")!.Value));
    }

    private static string Describe(XElement field)
    {
        string start = field.Attribute("start")!.Value;
        string end = field.Attribute("end")!.Value;
        return $"{field.Attribute("name")!.Value}:{start}" + (start == end ? "" : $"-{end}");
    }

    private static string Render(bool avx, bool linux, string osAbi) =>
        Encoding.UTF8.GetString(TargetXml.Render(X64Registers.Create(avx, linux), osAbi));
}
