using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class IncidentTextTests
{
    [Fact]
    public void A_violation_is_named_told_shown_and_repeatable()
    {
        Incident incident = TestScenario.LostIncrementIncident();
        StringWriter output = new() { NewLine = "\n" };
        IncidentText.Write(incident, output, int.MaxValue);
        string[] lines = output.ToString().Split('\n');
        Assert.Equal("XS-90/bad: violated at the end: nothing is lost", lines[0]);
        Assert.Equal("  an increment gets lost", lines[1]);
        Assert.Matches(@"^\| +step \| CPU 0 +\| CPU 1 +\|$", lines[4]);
        Assert.Equal(4, lines.Count(line => line.Contains("x = v + 1;") || line.Contains("v = x;")));
        Assert.Equal(2, lines.Count(line => line.Contains("write x = 1")));
        Assert.Single(lines, line => line.StartsWith("| => 3 |", StringComparison.Ordinal));
        Assert.Equal($"  kgdbsim replay {incident.Token}", lines[^3]);
    }

    [Fact]
    public void Cells_fold_where_lines_must_be_short()
    {
        StringWriter output = new() { NewLine = "\n" };
        string line = string.Join(' ', Enumerable.Repeat("set_debugreg();", 9));
        IncidentText.WriteTable(TestScenario.Made(TestScenario.At(0, 0, "C0", "x", line)), output, 60);
        Assert.All(output.ToString().Split('\n'), text => Assert.True(text.Length <= 60, text));
        Assert.Equal(9, output.ToString().Split("set_debugreg();").Length - 1);
    }

    [Fact]
    public void Contexts_of_one_cpu_are_told_apart_and_brackets_survive()
    {
        StringWriter output = new();
        IncidentText.WriteTable(
            TestScenario.Made(TestScenario.At(0, 0, "task", "a[0]", null), TestScenario.At(1, 0, "NMI", "a[1]", null)), output, 200);
        Assert.Contains("[task] write a[0] = 1", output.ToString());
        Assert.Contains("[NMI] write a[1] = 1", output.ToString());
    }

    [Theory]
    [InlineData(ViolationKind.StateProperty, "p", "violated: p")]
    [InlineData(ViolationKind.EndProperty, "p", "violated at the end: p")]
    [InlineData(ViolationKind.Deadlock, "deadlock", "violated: no deadlock")]
    [InlineData(ViolationKind.Livelock, "livelock", "violated: no livelock")]
    [InlineData(ViolationKind.Reported, "use after free", "violated: use after free")]
    [InlineData(ViolationKind.TaskThrew, "InvalidOperationException", "error: InvalidOperationException")]
    public void The_headline_says_of_which_kind_it_is(ViolationKind kind, string property, string expected) => Assert.Equal(
        expected,
        IncidentText.Headline(TestScenario.Made() with { Violation = new Violation(kind, property, "") }));
}
