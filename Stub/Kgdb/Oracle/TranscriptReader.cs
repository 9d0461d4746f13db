using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Reads a transcript: JSON lines, a header first. Payload characters are bytes (latin-1).</summary>
internal static class TranscriptReader
{
    private const string ConsolePrefix = "console input: ";

    /// <exception cref="InvalidDataException">A line is not what the format says.</exception>
    public static Transcript Read(TextReader reader)
    {
        TranscriptHeader? header = null;
        var entries = new List<TranscriptEntry>();
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
            {
                continue;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                if (header is null)
                {
                    header = ReadHeader(document.RootElement);
                }
                else
                {
                    entries.Add(ReadEntry(line, document.RootElement));
                }
            }
            catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
            {
                throw new InvalidDataException($"line {line}: {e.Message}", e);
            }
        }

        return new Transcript(header ?? throw new InvalidDataException("no header line"), entries);
    }

    private static TranscriptHeader ReadHeader(JsonElement element)
    {
        if (!element.TryGetProperty("header", out _))
        {
            throw new InvalidDataException("the first line is no header");
        }

        var symbols = new Dictionary<string, ulong>(StringComparer.Ordinal);
        if (element.TryGetProperty("symbols", out JsonElement table))
        {
            foreach (JsonProperty symbol in table.EnumerateObject())
            {
                symbols[symbol.Name] = Number(symbol.Value.GetString());
            }
        }

        return new TranscriptHeader
        {
            Name = Text(element, "name") ?? "",
            Scenario = Text(element, "scenario") ?? "",
            Accelerator = Text(element, "accel") ?? "tcg",
            CommandLine = Text(element, "cmdline") ?? "",
            Smp = element.TryGetProperty("smp", out JsonElement smp) ? Math.Clamp(smp.GetInt32(), 1, 8) : 4,
            Symbols = symbols,
        };
    }

    private static TranscriptEntry ReadEntry(int line, JsonElement element)
    {
        string note = Text(element, "note") ?? "";
        switch (Text(element, "dir"))
        {
            case ">" when Text(element, "packet") is { } packet:
                return new TranscriptEntry(line, EntryKind.Sent) { Bytes = Encoding.Latin1.GetBytes(packet), Text = note };
            case ">":
                return new TranscriptEntry(line, EntryKind.SentRaw)
                {
                    Bytes = Convert.FromHexString(Text(element, "raw") ?? ""),
                    Text = note,
                };
            case "<" when Text(element, "packet") is { } packet:
                return new TranscriptEntry(line, EntryKind.Received)
                {
                    Bytes = Encoding.Latin1.GetBytes(packet),
                    IsAcknowledged = !element.TryGetProperty("acked", out JsonElement acked) || acked.GetBoolean(),
                };
            case "<" when Text(element, "ack") is { } ack:
                return new TranscriptEntry(line, EntryKind.Acknowledged) { Text = ack };
            case "<" when element.TryGetProperty("silence", out _) || element.TryGetProperty("timeout", out _):
                return new TranscriptEntry(line, EntryKind.Silence);
            default:
                return ReadNote(line, element, note);
        }
    }

    private static TranscriptEntry ReadNote(int line, JsonElement element, string note)
    {
        if (note.StartsWith(ConsolePrefix, StringComparison.Ordinal))
        {
            return new TranscriptEntry(line, EntryKind.ConsoleInput) { Text = note[ConsolePrefix.Length..] };
        }

        if (element.TryGetProperty("events", out JsonElement events))
        {
            return new TranscriptEntry(line, EntryKind.Events) { Text = note, Events = [.. events.EnumerateArray().Select(ReadEvent)] };
        }

        if (!element.TryGetProperty("drs", out JsonElement table))
        {
            return new TranscriptEntry(line, EntryKind.Note) { Text = note };
        }

        var dumps = new List<DebugRegisterDump>();
        foreach (JsonElement cpu in table.EnumerateArray())
        {
            ulong[] addresses = [.. Enumerable.Range(0, 4).Select(n => Number(Text(cpu, $"DR{n}")))];
            dumps.Add(new DebugRegisterDump(
                cpu.GetProperty("cpu").GetInt32(), addresses, Number(Text(cpu, "DR6")), Number(Text(cpu, "DR7"))));
        }

        return new TranscriptEntry(line, EntryKind.DebugRegisters) { Text = note, Dumps = dumps };
    }

    /// <summary>"cpu1 exc_int3 dr7=600,600,600,600 dr6=..."</summary>
    private static FunctionEvent ReadEvent(JsonElement element)
    {
        string[] words = (element.GetString() ?? "").Split(' ');
        if (words.Length < 3 || !words[0].StartsWith("cpu", StringComparison.Ordinal) || !words[2].StartsWith("dr7=", StringComparison.Ordinal))
        {
            throw new FormatException("an event is not \"cpuN function dr7=...\"");
        }

        ulong[] controls = [.. words[2]["dr7=".Length..].Split(',').Select(Number)];
        return new FunctionEvent(int.Parse(words[0]["cpu".Length..], CultureInfo.InvariantCulture), words[1], controls);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ulong Number(string? text)
    {
        string digits = text ?? "";
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
        }

        return digits.Length == 0 ? 0 : ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
