using System.Globalization;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>The SSE instructions against results recorded on a real CPU.</summary>
public sealed class RecordedVectorTests(ITestOutputHelper output)
{
    private const int ReportedMax = 40;

    [Fact]
    public void Sample_agrees_with_the_recorded_cpu()
    {
        Stream stream = typeof(RecordedVectorTests).Assembly.GetManifestResourceStream("Sse.Sample.jsonl.gz")
            ?? throw new InvalidOperationException("the sample of recorded vectors is not embedded in this assembly");
        Check(RecordedVector.Read(stream, gzip: true));
    }

    [Fact]
    public void Full_recording_agrees_where_it_is_at_hand()
    {
        string? file = FindRecording();
        if (file is null)
        {
            output.WriteLine("shared/vectors/sse.jsonl.gz is not beside this repository: only the sample was checked");
            return;
        }

        Check(RecordedVector.Read(File.OpenRead(file), gzip: true));
    }

    /// <summary>The file KGDBSIM_SSE_VECTORS names, or shared/vectors beside a folder above this assembly.</summary>
    private static string? FindRecording()
    {
        string? named = Environment.GetEnvironmentVariable("KGDBSIM_SSE_VECTORS");
        if (named is not null)
        {
            return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "vectors", "sse.jsonl.gz");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private void Check(IEnumerable<RecordedVector> vectors)
    {
        using var machine = new VectorMachine();
        var failures = new List<string>();
        var byName = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int passed = 0;
        foreach (RecordedVector vector in vectors)
        {
            string? failure = machine.Run(vector);
            if (failure is null)
            {
                passed++;
                continue;
            }

            failures.Add(failure);
            byName[vector.Name] = byName.GetValueOrDefault(vector.Name) + 1;
        }

        string summary = string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failures.Count} failed");
        output.WriteLine(summary);
        Assert.True(failures.Count == 0, string.Join('\n', (string[])
        [
            summary,
            string.Join(", ", byName.Select(pair => $"{pair.Key} {pair.Value}")),
            .. failures.Take(ReportedMax),
        ]));
        Assert.NotEqual(0, passed);
    }
}
