using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>Each planted bug is found by each strategy, its token repeats it, and shrinking keeps it.</summary>
public sealed class SeededBugTests
{
    public static TheoryData<string, Strategy> BugsAndStrategies()
    {
        TheoryData<string, Strategy> data = [];
        foreach ((SeededBug program, _, _) in SeededBugs.All)
        {
            foreach (Strategy strategy in Enum.GetValues<Strategy>())
            {
                data.Add(program.Name, strategy);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(BugsAndStrategies))]
    public void Is_found_and_repeats_from_its_token(string name, Strategy strategy)
    {
        (SeededBug program, ViolationKind kind, string property) = SeededBugs.All.Single(bug => bug.Program.Name == name);
        ExplorationOptions options = new()
        {
            Strategy = strategy, Seed = 1, PreemptionCountMax = 4, DelayCountMax = 4, PctDepth = 5, ShrinkRunCountMax = 0,
        };
        ExplorationReport report = Explorer.Explore(program, options);
        Counterexample found = Assert.Single(report.Counterexamples);
        Assert.Equal((kind, property), (found.Violation.Kind, found.Violation.Property));
        Assert.Equal(kind == ViolationKind.TaskThrew ? Verdict.Error : Verdict.Violated, report.Verdict);
        AssertRepeats(program, found);

        Counterexample small = Explorer.Shrink(program, options with { ShrinkRunCountMax = 5_000 }, found);
        Assert.True(small.Token.Schedule.SwitchCount <= found.Token.Schedule.SwitchCount);
        AssertRepeats(program, small);
    }

    [Theory]
    [InlineData("bugs/lost-update", 2)]
    [InlineData("bugs/lock-order", 1)]
    [InlineData("bugs/publish-before-initialise", 1)]
    [InlineData("bugs/use-after-free", 2)]
    [InlineData("bugs/depth-three", 4)]
    public void Shrinks_to_the_fewest_switches_there_can_be(string name, int switchCount)
    {
        SeededBug program = SeededBugs.All.Single(bug => bug.Program.Name == name).Program;
        ExplorationOptions options = new() { Strategy = Strategy.Random, Seed = 3 };
        Counterexample found = Assert.Single(Explorer.Explore(program, options).Counterexamples);
        Assert.Equal(switchCount, found.Token.Schedule.SwitchCount);
    }

    [Fact]
    public void A_message_says_how_to_see_it_again()
    {
        SeededBug program = SeededBugs.All[0].Program;
        ExplorationFailedException failure =
            Assert.Throws<ExplorationFailedException>(() => Explorer.CheckOptimal(program));
        string token = Assert.Single(failure.Report!.Counterexamples).Token.ToString();
        Assert.Contains($"kgdbsim replay {token}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("bugs/lost-update: EndProperty 'sum'", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertRepeats(IProgram program, Counterexample found)
    {
        string token = found.Token.ToString();
        ReplayResult replay = Explorer.Replay(program, token);
        Assert.Null(replay.Divergence);
        Assert.Equal(found.Token.Schedule, replay.Schedule);
        Assert.True(replay.Violations.Any(v => v.Kind == found.Violation.Kind && v.Property == found.Violation.Property),
            $"{token} does not show {found.Violation}; it shows {string.Join(", ", replay.Violations)}");
    }
}
