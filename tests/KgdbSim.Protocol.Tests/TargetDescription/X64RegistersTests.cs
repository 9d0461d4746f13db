using System.Xml.Linq;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.TargetDescription;

public sealed class X64RegistersTests
{
    private const string Prefix = "org.gnu.gdb.i386.";

    /// <summary>Names, order, sizes, types and groups are gdb's, line by line.</summary>
    [Theory]
    [InlineData("core")]
    [InlineData("sse")]
    [InlineData("avx")]
    [InlineData("linux")]
    [InlineData("segments")]
    public void A_standard_feature_is_what_gdb_expects(string feature)
    {
        RegisterSet registers = X64Registers.Create(avx: true, linux: true);
        XDocument document = XDocument.Parse(System.Text.Encoding.UTF8.GetString(TargetXml.Render(registers, "none")));
        XElement rendered = document.Root!.Elements("feature")
            .Single(element => Value(element, "name") == Prefix + feature);
        Assert.Equal(
            Corpus.Lines("gdb13-registers.txt").Where(line => line.StartsWith($"{Prefix}{feature} ")),
            rendered.Elements().SelectMany(element => Facts(Prefix + feature, element)));
    }

    /// <summary>Inside core, gdb 13 would take xmm0 for an unknown register and fail an assertion on finish.</summary>
    [Fact]
    public void Core_has_nothing_but_the_forty_core_registers()
    {
        RegisterSet registers = X64Registers.Create(avx: false, linux: false);
        Assert.Equal(40, registers.InFeature(X64Registers.CoreName).Length);
        Assert.Equal(17, registers.InFeature(X64Registers.SseName).Length);
        Assert.Equal("xmm0", registers.InFeature(X64Registers.SseName)[0].Name);
    }

    [Fact]
    public void Optional_features_are_there_only_when_asked_for()
    {
        RegisterSet without = X64Registers.Create(avx: false, linux: false);
        Assert.Null(without.Find("ymm0h"));
        Assert.Null(without.Find("orig_rax"));
        Assert.Empty(without.InFeature(X64Registers.AvxName));
        RegisterSet with = X64Registers.Create(avx: true, linux: true);
        Assert.NotNull(with.Find("ymm0h"));
        Assert.NotNull(with.Find("orig_rax"));
    }

    /// <summary>The numbers that gdb uses for the registers it knows, with and without AVX.</summary>
    [Theory]
    [InlineData("rax", 0, 0)]
    [InlineData("rip", 16, 128)]
    [InlineData("eflags", 17, 136)]
    [InlineData("st0", 24, 164)]
    [InlineData("fctrl", 32, 244)]
    [InlineData("xmm0", 40, 276)]
    [InlineData("mxcsr", 56, 532)]
    [InlineData("fs_base", 57, 536)]
    public void Numbers_and_places_follow_from_the_order(string name, int number, int offset)
    {
        RegisterDescription register = X64Registers.Create(avx: true, linux: false).Find(name)!;
        Assert.Equal((number, offset), (register.Number, register.Offset));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Registers_lie_side_by_side_and_the_system_ones_come_last(bool avx)
    {
        RegisterSet registers = X64Registers.Create(avx, linux: false);
        int offset = 0;
        for (int number = 0; number < registers.All.Length; number++)
        {
            Assert.Equal((number, offset), (registers.All[number].Number, registers.All[number].Offset));
            offset += registers.All[number].Size;
        }

        Assert.Equal(registers.Size, offset);
        Assert.Equal(registers.All.TakeLast(12), registers.InFeature(X64System.Name));
    }

    [Fact]
    public void Two_registers_of_one_name_are_a_mistake() =>
        Assert.Throws<ArgumentException>(() => new RegisterSet(X64System.Feature, X64System.Feature));

    private static IEnumerable<string> Facts(string feature, XElement element) => element.Name.LocalName switch
    {
        "reg" =>
        [
            $"{feature} {Value(element, "name")} {Value(element, "bitsize")} {Value(element, "type")} "
                + (element.Attribute("group")?.Value ?? "-"),
        ],
        "flags" => element.Elements().Select(field =>
            $"{feature} {Value(element, "id")}.{Value(field, "name")} {Value(field, "start")} {Value(field, "end")}"),
        "vector" => [$"{feature} {Value(element, "id")} vector {Value(element, "type")} {Value(element, "count")}"],
        _ => element.Elements().Select(member =>
            $"{feature} {Value(element, "id")}.{Value(member, "name")} {Value(member, "type")}"),
    };

    private static string Value(XElement element, string attribute) => element.Attribute(attribute)!.Value;
}
