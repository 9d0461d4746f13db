using System.Text.Json;
using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class ResultJsonTests
{
    [Fact]
    public void Each_variant_is_an_object_of_these_members()
    {
        TestScenario scenario = TestScenario.LostIncrement("XS-90");
        using JsonDocument document = JsonDocument.Parse(ResultJson.Write(
        [
            Explore(scenario.Bad, new ExplorationOptions()),
            Explore(scenario.Fixed, new ExplorationOptions()),
            Explore(scenario.Fixed, new ExplorationOptions { Strategy = Strategy.Random, ExecutionCountMax = 7 }),
            Explore(TestScenario.Throwing("XS-91").Bad, new ExplorationOptions()),
        ]));
        JsonElement[] results = [.. document.RootElement.EnumerateArray()];
        Assert.All(results, result => Assert.Equal(
            ["id", "variant", "verdict", "property", "executions", "steps", "seconds", "bound", "token"],
            result.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(["violated", "exhausted", "bounded", "error"], results.Select(result => $"{result.GetProperty("verdict")}"));
        Assert.Equal(["XS-90", "bad", "nothing is lost", "0.25", ""],
            ((string[])["id", "variant", "property", "seconds", "bound"]).Select(name => $"{results[0].GetProperty(name)}"));
        Assert.StartsWith("kgs1:XS-90/bad:", results[0].GetProperty("token").GetString());
        Assert.Equal(JsonValueKind.Null, results[1].GetProperty("property").ValueKind);
        Assert.Equal(JsonValueKind.Null, results[1].GetProperty("token").ValueKind);
        Assert.Equal((2, 4), (results[1].GetProperty("executions").GetInt32(), results[1].GetProperty("steps").GetInt32()));
        Assert.Equal("7 executions", results[2].GetProperty("bound").GetString());
        Assert.StartsWith("kgs1:XS-91/bad:", results[3].GetProperty("token").GetString());
    }

    private static CaseResult Explore(ScenarioCase which, ExplorationOptions options) =>
        new(which, options, Explorer.Explore(which.Program, options), 0.25, Interrupted: false);
}
