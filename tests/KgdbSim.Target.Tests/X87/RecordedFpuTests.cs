using System.Globalization;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.X87;

/// <summary>The x87 and MMX instructions against results recorded on a real CPU.</summary>
public sealed class RecordedFpuTests(ITestOutputHelper output)
{
    private const int ReportedMax = 40;
    private const string Recording = "system_x87.jsonl.gz";

    /// <summary>
    /// Sample is a part of the full recording; Extra, from the same kind of CPU, has what that one lacks: SSSE3 and SSE
    /// forms with MMX registers, undocumented encodings, unmasked responses, FLDENV, partial remainders.
    /// </summary>
    [Theory]
    [InlineData("X87.Sample.jsonl.gz")]
    [InlineData("X87.Extra.jsonl.gz")]
    public void Sample_agrees_with_the_recorded_cpu(string name)
    {
        Stream sample = typeof(RecordedFpuTests).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the recorded vectors {name} are not embedded in this assembly");
        Check(FpuVector.Read(sample));
    }

    [Fact]
    public void Full_recording_agrees_where_it_is_at_hand()
    {
        string? file = FindRecording();
        if (file is null)
        {
            output.WriteLine($"shared/vectors/{Recording} is not beside this repository: only the sample was checked");
            return;
        }

        Check(FpuVector.Read(File.OpenRead(file)));
    }

    /// <summary>
    /// The file named by KGDBSIM_X87_VECTORS, or shared/vectors beside any folder above this assembly.
    /// </summary>
    private static string? FindRecording()
    {
        if (Environment.GetEnvironmentVariable("KGDBSIM_X87_VECTORS") is { } named)
        {
            return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "vectors", Recording);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private void Check(IEnumerable<FpuVector> vectors)
    {
        using var machine = new FpuMachine();
        var failures = new List<string>();
        var byName = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int passed = 0;
        foreach (FpuVector vector in vectors)
        {
            string? failure = machine.Run(vector);
            if (failure is null)
            {
                passed++;
                continue;
            }

            failures.Add(failure);
            byName[vector.Common.Name] = byName.GetValueOrDefault(vector.Common.Name) + 1;
        }

        string summary = string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failures.Count} failed");
        output.WriteLine(summary);
        string names = string.Join(", ", byName.Select(pair => $"{pair.Key} {pair.Value}"));
        string report = string.Join('\n', failures.Take(ReportedMax));
        Assert.True(failures.Count == 0, $"{summary}\n{names}\n{report}");
        Assert.NotEqual(0, passed);
    }
}
