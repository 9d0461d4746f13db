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
    /// <summary>One snippet of 32-bit or 16-bit code to so many of 64-bit code.</summary>
    private const int LegacyShare = 6;

    public static TheoryData<Family> AllFamilies() => [.. Enum.GetValues<Family>()];

    public static TheoryData<Family, int> LegacyFamilies()
    {
        var data = new TheoryData<Family, int>();
        foreach (Family family in Enum.GetValues<Family>())
        {
            data.Add(family, 32);
            data.Add(family, 16);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Single_instructions_agree(Family family) =>
        Check(nameof(Single_instructions_agree), builder => SnippetArbitrary.Single(builder, family), family);

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Sequences_agree(Family family) =>
        Check(nameof(Sequences_agree), builder => SnippetArbitrary.Sequence(builder, family), family);

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    [InlineData(16)]
    public void Arbitrary_bytes_agree(int bits) =>
        Check(nameof(Arbitrary_bytes_agree), builder => SnippetArbitrary.AnyBytes(builder, bits), null, bits);

    [Theory]
    [MemberData(nameof(LegacyFamilies))]
    public void Legacy_instructions_agree(Family family, int bits) =>
        Check(nameof(Legacy_instructions_agree), builder => SnippetArbitrary.Single(builder, family, bits), family, bits);

    [Theory]
    [MemberData(nameof(LegacyFamilies))]
    public void Legacy_sequences_agree(Family family, int bits) =>
        Check(nameof(Legacy_sequences_agree), builder => SnippetArbitrary.Sequence(builder, family, bits), family, bits);

    private void Check(string test, Func<SnippetBuilder, Arbitrary<Snippet>> arbitrary, Family? family, int bits = 64)
    {
        if (oracle.Host == null)
        {
            output.WriteLine($"NOT COMPARED WITH A HOST CPU: {oracle.Reason}");
            Assert.NotEmpty(oracle.Reason);
            return;
        }

        if (family != null && oracle.Catalog!.Of(bits, family.Value).IsEmpty)
        {
            output.WriteLine($"{family}: the simulated processor or the host has no such instructions");
            return;
        }

        RunOptions options = RunOptions.FromEnvironment();
        var run = new DifferentialRun(oracle.Host, oracle.Bench);
        run.Run(arbitrary(oracle.Builder!), options.Seed, bits == 64 ? options.Count : options.Count / LegacyShare);
        output.WriteLine(RunReport.Summary(run, options));
        if (options.Report != null)
        {
            RunReport.Append(options.Report, run, options, $"{test}({family}, {bits})");
        }

        Assert.True(run.Kinds.Count == 0, RunReport.Failure(run, options, test));
    }
}
