using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Vectors;

namespace KgdbSim.Cli;

/// <summary>One file of recorded vectors and what running it came to. Several may run at a time, each on its thread.</summary>
internal sealed class VectorFileRun(string path)
{
    public string Path => path;

    /// <summary>Bytes of the file; 0 if it cannot be told.</summary>
    public long Size { get; } = File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Counts of what ran.</summary>
    public VectorTally Tally { get; private set; } = new();

    /// <summary>Vectors that the options took.</summary>
    public long Count { get; private set; }

    /// <summary>The mismatches, as they are to be printed.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Why the file could not be read to its end; null if it could.</summary>
    public string? Error { get; private set; }

    /// <summary>Runs what the options take of the file.</summary>
    public void Go(InstructionTable instructions, VectorOptions options)
    {
        var text = new StringWriter();
        using var runner = new VectorRunner(instructions, options, text);
        try
        {
            using var reader = new VectorReader(ReadAhead.Open(path));
            runner.RunAll(reader);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Error = e.Message;
        }

        Text = text.ToString();
        Tally = runner.Tally;
        Count = runner.Count;
    }
}
