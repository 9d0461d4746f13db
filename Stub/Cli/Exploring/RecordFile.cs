using System.Text.Json;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>One program's part of a file.</summary>
/// <param name="Content">A JSON object on one line, with a checksum of its own.</param>
/// <param name="Seconds">How long it took so far, in seconds of the wall clock.</param>
internal sealed record FileRecord(byte[] Content, double Seconds);

/// <summary>
/// Files with a record for each program explored: a first line that says what it is and how many records there are, then a
/// line each. Every line has a checksum, so whatever is damaged or cut off is noticed.
/// </summary>
/// <param name="format">What the first line calls it.</param>
/// <param name="noun">What people call it.</param>
internal sealed class RecordFile(string format, string noun)
{
    private const int Version = 1;

    /// <summary>The results of an exploration's part.</summary>
    public static RecordFile Results { get; } = new("kgdbsim-results", "result file");

    /// <summary>Positions of explorations.</summary>
    public static RecordFile Checkpoints { get; } = new("kgdbsim-checkpoints", "checkpoint");

    /// <summary>The file's content.</summary>
    public byte[] Write(IReadOnlyList<FileRecord> records)
    {
        byte[] head = ChecksummedJson.Write(writer =>
        {
            writer.WriteString("format", format);
            writer.WriteNumber("version", Version);
            writer.WriteStartArray("seconds");
            foreach (FileRecord record in records)
            {
                writer.WriteNumberValue(record.Seconds);
            }

            writer.WriteEndArray();
        });
        return [.. head, (byte)'\n', .. records.SelectMany(record => record.Content.Append((byte)'\n'))];
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">It cannot be read, is something else, or is damaged.</exception>
    public IReadOnlyList<FileRecord> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"cannot read {path}: {failure.Message}");
        }

        double[] seconds = ReadHead(path, lines);
        if (lines.Length != seconds.Length + 1)
        {
            throw Damaged(path, $"it has {lines.Length - 1} of {seconds.Length} records");
        }

        return [.. seconds.Select((time, i) => new FileRecord(System.Text.Encoding.UTF8.GetBytes(lines[i + 1]), time))];
    }

    /// <summary>The program that a record is of.</summary>
    /// <exception cref="UsageException">The record is damaged.</exception>
    public string ProgramOf(string path, FileRecord record)
    {
        using JsonDocument document = ChecksummedJson.TryRead(record.Content)
            ?? throw Damaged(path, "a record's checksum doesn't match");
        JsonElement json = document.RootElement;
        JsonElement owner = json.TryGetProperty("report", out JsonElement report) ? report : json;
        return owner.TryGetProperty("program", out JsonElement program) && program.GetString() is { } name
            ? name
            : throw Damaged(path, "a record names no program");
    }

    /// <summary>The complaint about a file that was a good one once.</summary>
    public UsageException Damaged(string path, string why) => new($"{path} is a damaged {noun}: {why}");

    private double[] ReadHead(string path, string[] lines)
    {
        using JsonDocument? head = lines.Length == 0 ? null : ChecksummedJson.TryRead(System.Text.Encoding.UTF8.GetBytes(lines[0]));
        if (head is null)
        {
            throw new UsageException($"{path} is no {noun}, or a damaged one: the checksum of its first line doesn't match");
        }

        JsonElement json = head.RootElement;
        if (!json.TryGetProperty("format", out JsonElement found) || found.GetString() != format)
        {
            throw new UsageException($"{path} is no {noun}");
        }

        int version = json.GetProperty("version").GetInt32();
        return version == Version
            ? [.. json.GetProperty("seconds").EnumerateArray().Select(time => time.GetDouble())]
            : throw new UsageException($"{path} is a {noun} of version {version}; this program reads version {Version}");
    }
}
