using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Vectors;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Vectors;

/// <summary>Every recorded vector, by both engines.</summary>
public sealed class RecordedVectorsTests(ITestOutputHelper output)
{
    /// <summary>
    /// Samples of the whole recordings; and, from the same kind of processor, x87 and MMX that those lack: SSSE3 and SSE forms
    /// with MMX registers, undocumented encodings, unmasked responses, FLDENV, partial remainders.
    /// </summary>
    [Theory]
    [InlineData("Vectors.IntegerSample.jsonl.gz")]
    [InlineData("Sse.Sample.jsonl.gz")]
    [InlineData("X87.Sample.jsonl.gz")]
    [InlineData("X87.Extra.jsonl.gz")]
    public void A_sample_agrees_with_the_recorded_processor(string name) => Check($"the embedded {name}", SharedVectors.Sample(name));

    [Theory]
    [InlineData("integer.jsonl.gz")]
    [InlineData("sse.jsonl.gz")]
    [InlineData("system_x87.jsonl.gz")]
    public void The_whole_recording_agrees_where_it_is_at_hand(string name)
    {
        string? file = SharedVectors.Find(name);
        if (file is null)
        {
            output.WriteLine($"shared/vectors/{name} is not beside this repository: only the embedded sample was run");
            return;
        }

        Check($"kgdbsim vectors {file}", File.OpenRead(file));
    }

    private void Check(string what, Stream vectors)
    {
        var text = new StringWriter();
        using var runner = new VectorRunner(new InstructionTable(), new VectorOptions(), text);
        using var reader = new VectorReader(vectors);
        runner.RunAll(reader);
        VectorReport.Write(runner.Tally, text);
        VectorCount total = runner.Tally.Total;
        output.WriteLine($"{what}: {total.Passed} passed, {total.Failed} failed");
        Assert.True(total is { Passed: > 0, Failed: 0 }, $"{what}\n{text}");
    }
}
