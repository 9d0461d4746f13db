using FsCheck;
using KgdbSim.Differential.Tests.Generation;
using KgdbSim.Differential.Tests.Runs;
using KgdbSim.Differential.Tests.Snippets;
using Xunit.Abstractions;

namespace KgdbSim.Differential.Tests;

/// <summary>
/// Generated snippets on the CPU that the tests run on, and on the simulated one, stepped and threaded. Where there is no
/// such CPU the tests' output says why; the corpus is checked everywhere.
/// </summary>
public sealed class HostAgreementTests(LiveOracle oracle, ITestOutputHelper output) : IClassFixture<LiveOracle>
{
    public static TheoryData<Family> AllFamilies() => [.. Enum.GetValues<Family>()];

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Single_instructions_agree(Family family) =>
        Check(nameof(Single_instructions_agree), builder => SnippetArbitrary.Single(builder, family), family);

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Sequences_agree(Family family) =>
        Check(nameof(Sequences_agree), builder => SnippetArbitrary.Sequence(builder, family), family);

    [Fact]
    public void Arbitrary_bytes_agree() => Check(nameof(Arbitrary_bytes_agree), SnippetArbitrary.AnyBytes, null);

    private void Check(string test, Func<SnippetBuilder, Arbitrary<Snippet>> arbitrary, Family? family)
    {
        if (oracle.Host == null)
        {
            output.WriteLine($"NOT COMPARED WITH A HOST CPU: {oracle.Reason}");
            Assert.NotEmpty(oracle.Reason);
            return;
        }

        if (family != null && oracle.Catalog!.Of(family.Value).IsEmpty)
        {
            output.WriteLine($"{family}: the simulated processor or the host has no such instructions");
            return;
        }

        RunOptions options = RunOptions.FromEnvironment();
        var run = new DifferentialRun(oracle.Host, oracle.Bench);
        run.Run(arbitrary(oracle.Builder!), options.Seed, options.Count);
        output.WriteLine(RunReport.Summary(run, options));
        if (options.Report != null)
        {
            RunReport.Append(options.Report, run, options, $"{test}({family})");
        }

        Assert.True(run.Kinds.Count == 0, RunReport.Failure(run, options, test));
    }
}
