using KgdbSim.Cli;
using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class ScenarioSelectionTests
{
    private static readonly ScenarioSelection Selection = new(
    [
        TestScenario.LostIncrement("HB-01"),
        new TestScenario("HB-02", (_, _) => { })
        {
            Forms = [ScenarioVariant.Bad, ScenarioVariant.Fixed, new ScenarioVariant("bad-nmi", true, "in an NMI")],
        },
        TestScenario.LostIncrement("KP-01"),
    ]);

    [Theory]
    [InlineData("HB-01", "both", "HB-01/bad HB-01/fixed")]
    [InlineData("hb-01", "bad", "HB-01/bad")]
    [InlineData("HB", "bad", "HB-01/bad HB-02/bad HB-02/bad-nmi")]
    [InlineData("all", "fixed", "HB-01/fixed HB-02/fixed KP-01/fixed")]
    [InlineData("all", "bad-nmi", "HB-02/bad-nmi")]
    public void A_name_and_a_variant_select(string name, string variant, string expected) =>
        Assert.Equal(expected.Split(' '), Selection.Cases(name, variant).Select(which => which.Name));

    [Theory]
    [InlineData("HB-03", "both", "there is no scenario HB-03; nearest: HB-01, HB-02")]
    [InlineData("KB", "both", "there is no scenario KB; nearest: ")]
    [InlineData("MK", "both", "family MK has no scenarios yet")]
    [InlineData("KP", "worse", "--variant worse: KP has no such variant; choose from: both, bad, fixed")]
    public void What_selects_nothing_is_named_with_what_would(string name, string variant, string complaint) =>
        Assert.StartsWith(complaint, Assert.Throws<UsageException>(() => Selection.Cases(name, variant)).Message);

    [Fact]
    public void A_token_finds_its_program() => Assert.Equal("HB-02/bad-nmi", Selection.OfProgram("HB-02/bad-nmi").Name);

    [Fact]
    public void A_token_of_no_program_is_told_the_nearest() => Assert.StartsWith(
        "there is no program HB-02/bad-nm; nearest: HB-02/bad-nmi",
        Assert.Throws<UsageException>(() => Selection.OfProgram("HB-02/bad-nm")).Message);
}
