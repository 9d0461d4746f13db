namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>A recorded session with a real kernel's kgdb.</summary>
internal sealed record Transcript(TranscriptHeader Header, IReadOnlyList<TranscriptEntry> Entries);
