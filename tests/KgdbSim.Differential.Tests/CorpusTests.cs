using KgdbSim.Differential.Tests.Runs;
using KgdbSim.Differential.Tests.Snippets;
using Xunit.Abstractions;

namespace KgdbSim.Differential.Tests;

/// <summary>
/// Every disagreement ever found, with what the real CPU did: checked on any machine, and on one with a fitting CPU also
/// against that again.
/// </summary>
public sealed class CorpusTests(LiveOracle oracle, ITestOutputHelper output) : IClassFixture<LiveOracle>
{
    private static string[] Lines() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "disagreements.txt"))
            .Where(line => line.Length != 0 && line[0] != '#'),
    ];

    [Fact]
    public void Simulated_processor_does_as_recorded()
    {
        string[] wrong = [.. Lines().Select(Wrong).OfType<string>()];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.NotEmpty(Lines());
    }

    [Fact]
    public void Host_does_as_recorded()
    {
        if (oracle.Host == null)
        {
            output.WriteLine($"NOT COMPARED WITH A HOST CPU: {oracle.Reason}");
            Assert.NotEmpty(oracle.Reason);
            return;
        }

        foreach (string line in Lines())
        {
            var parsed = CorpusLine.Parse(line);
            var outcome = new Outcome();
            oracle.Host.Run([parsed.Snippet], [outcome]);
            string again = CorpusLine.Write(parsed.Snippet, outcome);
            Assert.True(again == parsed.Canonical, $"recorded {parsed.Canonical}\nnow      {again}");
        }
    }

    private string? Wrong(string line)
    {
        var parsed = CorpusLine.Parse(line);
        return oracle.Bench.Judge(parsed.Snippet, parsed.Expected) is { } disagreement
            ? $"{line}\n{Listing.Of(disagreement)}"
            : null;
    }
}
