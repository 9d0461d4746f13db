using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class ContextSpanTests
{
    [Theory]
    [InlineData("a a a", "a0:0-2")]
    [InlineData("a b b a", "a0:0-3 b1:1-2")]
    [InlineData("a a b b", "a0:0-1 b0:2-3")]
    [InlineData("a b a b", "a0:0-2 b1:1-1 b0:3-3")]
    [InlineData("a b c b a", "a0:0-4 b1:1-3 c2:2-2")]
    [InlineData("a b c a", "a0:0-3 b1:1-1 c1:2-2")]
    [InlineData("a b a b a", "a0:0-4 b1:1-1 b1:3-3")]
    public void Who_goes_on_later_was_interrupted(string contexts, string expected)
    {
        StepRecord[] steps = [.. contexts.Split(' ').Select((who, i) => TestScenario.At(i, 0, who, "x", null))];
        Assert.Equal(expected, Words(steps));
    }

    [Theory]
    [InlineData("a0 b1", "a0:0-1 b1:1-1")]
    [InlineData("a0 b1 c2", "a0:0-2 b1:1-2 c2:2-2")]
    [InlineData("a0 b0 a0", "a0:0-0 b0:1-1 a0:2-2")]
    [InlineData("a1 b0", "a0:0-0 b0:1-1")]
    [InlineData("a0 b2 c1 a0", "a0:0-3 b1:1-1 c1:2-2")]
    public void Who_is_known_to_be_deeper_is_inside(string contexts, string expected)
    {
        StepRecord[] steps =
        [
            .. contexts.Split(' ').Select((who, i) => TestScenario.At(i, 0, who[..1], "x", null) with { Depth = who[1] - '0' }),
        ];
        Assert.Equal(expected, Words(steps));
    }

    [Fact]
    public void Cpus_do_not_interrupt_each_other() => Assert.Equal(
        "a0:0-2 b0:1-1",
        Words([TestScenario.At(0, 0, "a", "x", null), TestScenario.At(1, 1, "b", "x", null), TestScenario.At(2, 0, "a", "x", null)]));

    private static string Words(StepRecord[] steps) => string.Join(' ', ContextSpan.Of(steps, new Lanes(steps))
        .Select(span => $"{span.Context}{span.Depth}:{span.First}-{span.Last}"));
}
