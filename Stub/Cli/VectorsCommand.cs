using System.Collections.Concurrent;
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
            Description = "print at most this many mismatches of each file",
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

    private static int Run(string[] files, VectorOptions options, TextWriter output, TextWriter error)
    {
        var runs = new VectorFileRun[files.Length];
        var instructions = new InstructionTable();
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = new VectorFileRun(files[i]);
        }

        if (options.Limit == long.MaxValue)
        {
            // The longest first, so that it doesn't run alone at the end.
            Parallel.ForEach(
                Partitioner.Create(runs.OrderByDescending(run => run.Size), EnumerablePartitionerOptions.NoBuffering),
                run => run.Go(instructions, options));
        }
        else
        {
            long left = options.Limit;
            foreach (VectorFileRun run in runs)
            {
                run.Go(instructions, options with { Limit = left });
                left -= run.Count;
            }
        }

        var tally = new VectorTally();
        foreach (VectorFileRun run in runs)
        {
            output.Write(run.Text);
            if (run.Error != null)
            {
                error.WriteLine($"kgdbsim vectors: {run.Path}: {run.Error}");
                return ExitCode.Usage;
            }

            tally.Add(run.Tally);
        }

        VectorReport.Write(tally, output);
        return tally.Total.Failed == 0 ? ExitCode.Fine : ExitCode.NotSo;
    }
}
