using System.Text.Json;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Reads a transcript: JSON lines, a header first. Payload characters are bytes (latin-1).</summary>
internal static class TranscriptReader
{
    /// <param name="reader">The file.</param>
    /// <param name="name">What the recording is called if its header does not say: the file's name.</param>
    /// <exception cref="InvalidDataException">A line is not what the format says; the message names the line.</exception>
    public static Transcript Read(TextReader reader, string name = "")
    {
        TranscriptHeader? header = null;
        var entries = new List<TranscriptEntry>();
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw new FormatException("no JSON object");
                }

                if (header is null)
                {
                    header = HeaderReader.Read(document.RootElement, name);
                }
                else
                {
                    entries.Add(EntryReader.Read(line, document.RootElement));
                }
            }
            catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException
                or OverflowException)
            {
                string what = e is JsonException bad ? $"not JSON from character {bad.BytePositionInLine} on" : e.Message;
                throw new InvalidDataException($"line {line}: {what}", e);
            }
        }

        return new Transcript(header ?? throw new InvalidDataException("line 1: no header, the file is empty"), entries);
    }
}
