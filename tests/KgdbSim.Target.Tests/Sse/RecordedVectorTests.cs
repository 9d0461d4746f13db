using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Vectors;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>The SSE instructions, stepped and threaded, against results recorded on a real CPU.</summary>
public sealed class RecordedVectorTests(ITestOutputHelper output)
{
    private const int ReportedMax = 40;

    [Fact]
    public void Sample_agrees_with_the_recorded_cpu()
    {
        Stream stream = typeof(RecordedVectorTests).Assembly.GetManifestResourceStream("Sse.Sample.jsonl.gz")
            ?? throw new InvalidOperationException("the sample of recorded vectors is not embedded in this assembly");
        Check(stream);
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

        Check(File.OpenRead(file));
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

    private void Check(Stream vectors)
    {
        using var text = new StringWriter();
        var options = new VectorOptions { MismatchesMax = ReportedMax };
        using var runner = new VectorRunner(new InstructionTable(), options, text);
        using var reader = new VectorReader(vectors);
        runner.RunAll(reader);
        (long passed, long failed) = (runner.Tally.Total.Passed, runner.Tally.Total.Failed);
        output.WriteLine($"{passed} passed, {failed} failed");
        Assert.True(failed == 0, $"{passed} passed, {failed} failed{Environment.NewLine}{text}");
        Assert.NotEqual(0, passed);
    }
}
