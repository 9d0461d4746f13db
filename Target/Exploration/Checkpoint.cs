using System.Text.Json;

namespace KgdbSim.Target.Exploration;

/// <summary>An exploration's position on disk: the report so far, and where the strategy stands.</summary>
internal static class Checkpoint
{
    private const string Format = "kgdbsim-checkpoint";
    private const int Version = 1;

    public static byte[] Write(ExplorationRun run, ExplorationOptions options, ExplorationReport report) =>
        ChecksummedJson.Write(writer =>
        {
            writer.WriteString("format", Format);
            writer.WriteNumber("version", Version);
            writer.WriteBoolean("stopped", run.IsStopped);
            writer.WriteStartObject("report");
            ReportJson.Write(writer, report with { Options = options.Identity });
            writer.WriteEndObject();
            writer.WriteStartObject("position");
            run.Source.Save(writer);
            writer.WriteEndObject();
        });

    public static void Read(ExplorationRun run, ExplorationOptions options, ReadOnlySpan<byte> text)
    {
        using JsonDocument document = ChecksummedJson.TryRead(text)
            ?? throw new CheckpointException("The checkpoint is damaged: its checksum doesn't match.");
        try
        {
            Read(run, options, document.RootElement);
        }
        catch (Exception exception)
            when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new CheckpointException($"The checkpoint makes no sense: {exception.Message}", exception);
        }
    }

    private static void Read(ExplorationRun run, ExplorationOptions options, JsonElement json)
    {
        if (!json.TryGetProperty("format", out JsonElement format) || format.GetString() != Format)
        {
            throw new CheckpointException("This is no checkpoint.");
        }

        int version = json.GetProperty("version").GetInt32();
        if (version != Version)
        {
            throw new CheckpointException($"The checkpoint is of version {version}; this program reads version {Version}.");
        }

        ExplorationReport report = ReportJson.Read(json.GetProperty("report"));
        if (report.Program != run.Program.Name)
        {
            throw new CheckpointException($"The checkpoint is of program '{report.Program}', not of '{run.Program.Name}'.");
        }

        if (report.Options != options.Identity || report.Shard != options.Shard)
        {
            throw new CheckpointException(
                $"The checkpoint was made with '{report.Options}' shard {report.Shard}, not with '{options.Identity}' shard "
                + $"{options.Shard}.");
        }

        run.Restore(report, json.GetProperty("stopped").GetBoolean());
        run.Source.Load(json.GetProperty("position"));
    }
}
