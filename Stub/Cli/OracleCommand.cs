using System.CommandLine;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Cli;

/// <summary><c>kgdbsim oracle FILE...</c>: replays recorded sessions with a real kgdb; the last line is "N passed, M failed".</summary>
internal sealed class OracleCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "transcripts, JSON lines",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("oracle", "Replay recorded sessions of Linux 6.1's kgdb and compare packet by packet.") { files };
        command.SetAction(parsed => Run(
            parsed.GetValue(files) ?? [], parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(IReadOnlyList<string> files, TextWriter output, TextWriter error)
    {
        var report = new OracleReport(output);
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            try
            {
                using StreamReader reader = File.OpenText(file);
                Transcript transcript = TranscriptReader.Read(reader, Path.GetFileNameWithoutExtension(file));
                report.Add(name, OracleRunner.Run(transcript));
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                // One that can't be read has failed; the others are played all the same.
                error.WriteLine($"kgdbsim oracle: {file}: {e.Message}");
                report.AddUnreadable(name, e.Message);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A bug of ours must not hide what the other files say.
                error.WriteLine($"kgdbsim oracle: {file}: internal error: {e}");
                report.AddUnreadable(name, $"internal error: {e.Message}");
            }
        }

        report.Finish();
        return report.Failed == 0 ? ExitCode.Fine : ExitCode.NotSo;
    }
}
