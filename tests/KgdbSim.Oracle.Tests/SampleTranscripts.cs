using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests;

/// <summary>The recordings that lie beside the tests.</summary>
internal static class SampleTranscripts
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static Transcript Read(string name)
    {
        using StreamReader reader = File.OpenText(Path.Combine(Folder, name + ".jsonl"));
        return TranscriptReader.Read(reader);
    }
}
