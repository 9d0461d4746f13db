using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Kernel.Tests.HwBreakpoint;

/// <summary>The numbers of the published test vectors, seen in the scenarios' outcomes.</summary>
public sealed class ScenarioVectorTests
{
    /// <summary>HB-07: K1 in register 3 and K2 in register 2 are 0xD30002A0; the defect leaves a CPU with nothing.</summary>
    [Fact]
    public void HB_07_cured_ends_with_both_on_every_CPU()
    {
        ExplorationReport report = Outcomes("HB-07", "fixed-interface");

        Assert.Equal([$"C0.DR7={0xD30002A0} C1.DR7={0xD30002A0} C2.DR7={0xD30002A0}"], report.OutcomeSet);
    }

    [Fact]
    public void HB_07_loses_all_of_a_CPUs_breakpoints_or_some()
    {
        ExplorationReport report = Outcomes("HB-07", "bad-interface");

        Assert.Contains(report.OutcomeSet, outcome => outcome.EndsWith("C2.DR7=0", StringComparison.Ordinal));

        // K2 comes first in the loop, since it has the lower register: that alone is the half-built value.
        Assert.Contains(report.OutcomeSet, outcome => outcome.EndsWith($"C2.DR7={0x03000220}", StringComparison.Ordinal));
        Assert.Contains($"C0.DR7={0xD30002A0} C1.DR7={0xD30002A0} C2.DR7={0xD30002A0}", report.OutcomeSet);
    }

    [Theory]
    [InlineData(0, 0x000F0003)]
    [InlineData(1, 0x00F0000C)]
    [InlineData(2, 0x0F000030)]
    [InlineData(3, 0xF00000C0)]
    public void A_threads_register_has_these_bits_of_DR7(int register, uint mask) => Assert.Equal(mask, ThreadBreakpoints.Mask(register));

    private static ExplorationReport Outcomes(string id, string variantName)
    {
        Scenario scenario = new ScenarioCatalogue().Find(id)!;
        ScenarioVariant variant = scenario.Variants.Single(candidate => candidate.Name == variantName);
        return Explorer.Explore(scenario.Program(variant), new ExplorationOptions { StopAtFirstViolation = false, ExecutionCountMax = 4_000 });
    }
}
