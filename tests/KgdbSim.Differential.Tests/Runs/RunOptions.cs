using System.Globalization;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>How much is run, from environment variables.</summary>
/// <param name="Seed"><c>KGDBSIM_DIFF_SEED</c>: where the snippets come from; by default always the same, so that a change, not chance, makes a run fail; <c>random</c>: new in every run.</param>
/// <param name="Count"><c>KGDBSIM_DIFF_COUNT</c>: snippets for each test; by default what CI has time for.</param>
/// <param name="Report"><c>KGDBSIM_DIFF_REPORT</c>: a file that every disagreement is appended to, or null.</param>
internal sealed record RunOptions(ulong Seed, int Count, string? Report)
{
    public const string SeedVariable = "KGDBSIM_DIFF_SEED";
    public const string CountVariable = "KGDBSIM_DIFF_COUNT";
    public const string ReportVariable = "KGDBSIM_DIFF_REPORT";

    public const ulong SeedDefault = 1;

    public const int CountDefault = 6_000;

    public static RunOptions FromEnvironment()
    {
        string? seed = Environment.GetEnvironmentVariable(SeedVariable);
        string? count = Environment.GetEnvironmentVariable(CountVariable);
        return new RunOptions(
            seed switch
            {
                null => SeedDefault,
                "random" => (ulong)DateTime.UtcNow.Ticks,
                _ => ulong.Parse(seed, CultureInfo.InvariantCulture),
            },
            count == null ? CountDefault : int.Parse(count, CultureInfo.InvariantCulture),
            Environment.GetEnvironmentVariable(ReportVariable));
    }

    /// <summary>The command that does the same again.</summary>
    public string Reproduce(string test) =>
        $"{SeedVariable}={Seed} {CountVariable}={Count} dotnet test tests/KgdbSim.Differential.Tests --filter \"{test}\"";
}
