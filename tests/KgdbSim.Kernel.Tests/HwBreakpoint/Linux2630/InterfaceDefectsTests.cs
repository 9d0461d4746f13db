using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Linux2630;

/// <summary>Each named defect is one of a scenario, and does something.</summary>
public sealed class InterfaceDefectsTests
{
    [Fact]
    public void Each_names_a_scenario_and_changes_the_form()
    {
        ScenarioCatalogue catalogue = new();
        foreach (string scenario in InterfaceDefects.Scenarios)
        {
            Assert.True(catalogue.Find(scenario) is not null, $"there is no scenario {scenario}");
            Assert.True(InterfaceDefects.Enable(InterfaceForm.Merged, scenario) is { } form && form != InterfaceForm.Merged, $"{scenario} changes nothing");
        }
    }

    /// <summary>What the review of 11 May 2009 asked to change: wait, lock, tables, null test, kdr7, double read, early free, temp_mem.</summary>
    [Fact]
    public void What_was_posted_is_the_sum_of_what_the_review_found()
    {
        InterfaceForm form = InterfaceForm.Merged;
        foreach (string scenario in new[] { "HB-01", "hb-03", "HB-04", "HB-06", "HB-07", "HB-12", "HB-13", "HB-15" })
        {
            form = InterfaceDefects.Enable(form, scenario)!;
        }

        Assert.Equal(InterfaceForm.AsPosted, form);
    }

    [Theory]
    [InlineData("HB-20")]
    [InlineData("KG-01")]
    [InlineData("")]
    public void Others_are_none(string name) => Assert.Null(InterfaceDefects.Enable(InterfaceForm.Merged, name));
}
