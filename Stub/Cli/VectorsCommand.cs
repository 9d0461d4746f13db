using System.CommandLine;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Vectors;

namespace KgdbSim.Cli;

/// <summary><c>kgdbsim vectors FILE...</c>: runs recorded CPU vectors; the last line is "N passed, M failed".</summary>
internal sealed class VectorsCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "vector files, gzip-compressed or plain JSON lines",
            Arity = ArgumentArity.OneOrMore,
        };
        var limit = new Option<long?>("--limit") { Description = "run at most this many vectors" };
        var only = new Option<string?>("--only") { Description = "run only instructions of this name" };
        var skipTag = new Option<string[]>("--skip-tag") { Description = "leave out records with this tag" };
        var mismatches = new Option<int>("--mismatches")
        {
            Description = "print at most this many mismatches",
            DefaultValueFactory = _ => 50,
        };
        var command = new Command("vectors", "Run recorded CPU vectors and compare.") { files, limit, only, skipTag, mismatches };
        command.SetAction(parsed => Run(
            parsed.GetValue(files) ?? [],
            new VectorOptions
            {
                Limit = parsed.GetValue(limit) ?? long.MaxValue,
                Only = parsed.GetValue(only),
                SkipTags = parsed.GetValue(skipTag) ?? [],
                MismatchesMax = parsed.GetValue(mismatches),
            },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(IReadOnlyList<string> files, VectorOptions options, TextWriter output, TextWriter error)
    {
        using var runner = new VectorRunner(new InstructionTable(), options, output);
        foreach (string file in files)
        {
            try
            {
                using var reader = new VectorReader(File.OpenRead(file));
                runner.RunAll(reader);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                error.WriteLine($"kgdbsim vectors: {file}: {e.Message}");
                return ExitCode.Usage;
            }
        }

        VectorReport.Write(runner.Tally, output);
        return runner.Tally.Total.Failed == 0 ? ExitCode.Fine : ExitCode.NotSo;
    }
}
