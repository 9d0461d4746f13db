using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Vectors;
using KgdbSim.Target.Vectors;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Debugging;

/// <summary>Debug exceptions recorded on a real processor, and kernel-mode probes of two emulators.</summary>
public sealed class RecordedDebugTests(ITestOutputHelper output)
{
    [Fact]
    public void A_sample_of_the_recorded_debug_exceptions_agrees() =>
        Check("the embedded sample of debug exceptions", Resource("Debugging.Sample.jsonl.gz"), []);

    [Fact]
    public void Every_binding_kernel_probe_agrees() =>
        Check("the embedded kernel probes", Resource("Debugging.KernelProbes.jsonl.gz"), []);

    [Fact]
    public void The_whole_recording_agrees_where_it_is_at_hand()
    {
        string? file = SharedVectors.Find("debug.jsonl.gz");
        if (file is null)
        {
            output.WriteLine("shared/vectors/debug.jsonl.gz is not beside this repository: only the embedded sample was run");
            return;
        }

        // 256-bit moves are the one thing in it that the processor may lack.
        Check($"kgdbsim vectors {file}", File.OpenRead(file), ["op.vmovdqu", "op.tf.vmovdqu"]);
    }

    private static Stream Resource(string name) =>
        typeof(RecordedDebugTests).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"{name} is not embedded in this assembly");

    private void Check(string what, Stream vectors, string[] lacking)
    {
        var text = new StringWriter();
        var instructions = new InstructionTable();
        using var debug = new DebugVectorRunner(instructions);
        using var probes = new KernelProbeRunner(instructions);
        using var reader = new VectorReader(vectors);
        var tally = new VectorTally();
        while (reader.NextLine())
        {
            (string family, string? tag, string? mismatch) = Run(reader, debug, probes);
            bool excused = lacking.Any(name => mismatch?.Contains(name, StringComparison.Ordinal) ?? false);
            tally.Add(family, tag, mismatch == null || excused);
            text.Write(VectorTally.IsApart(tag) ? "" : mismatch);
        }

        VectorReport.Write(tally, text);
        output.WriteLine($"{what}: {tally.Total.Passed} passed, {tally.Total.Failed} failed");
        Assert.True(tally.Total is { Passed: > 0, Failed: 0 }, $"{what}\n{text}");
    }

    private static (string Family, string? Tag, string? Mismatch) Run(
        VectorReader reader, DebugVectorRunner debug, KernelProbeRunner probes)
    {
        if (reader.ParseDebug() is { } record)
        {
            return (record.Family, record.Tag, debug.Run(record));
        }

        KernelProbe probe = reader.ParseProbe() ?? throw new InvalidDataException($"line {reader.Line} is neither format");

        // Those without a body are KernelRulesTests.Debug_registers_are_a_processor_s_own.
        string? mismatch = probe.Body == null ? null : probes.Run(probe);
        return ("kernel", probe.Binding ? null : probe.Verdict, mismatch);
    }
}
