using System.Globalization;
using System.Text.Json;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Reads one line of a transcript after the header.</summary>
internal static class EntryReader
{
    private const string ConsolePrefix = "console input:";

    /// <summary>What a recorder may write where the line itself ends: the guest's machine is gone, or the connection.</summary>
    private static readonly string[] Ends = ["eof", "closed", "disconnected", "hangup"];

    /// <summary>Members that are known; of a line with others it is said that they were not compared.</summary>
    private static readonly string[] Known =
    [
        "dir", "packet", "t", "note", "raw", "rawtext", "ack", "acked", "silence", "timeout", "drs", "events", "total", "text", "rips",
        "eflags", "break", "eof", "closed", "disconnected", "hangup",
    ];

    /// <exception cref="FormatException">The line says nothing that can be played.</exception>
    public static TranscriptEntry Read(int line, JsonElement element)
    {
        string note = JsonText.Text(element, "note") ?? "";
        TranscriptEntry entry = JsonText.Text(element, "dir") switch
        {
            ">" when ReadSent(line, element) is { Kind: not EntryKind.Unknown } sent => sent with { Text = note },
            ">" => ReadSent(line, element),
            "<" => ReadReceived(line, element),
            "*" => ReadNote(line, element, note),
            null when note.Length > 0 => ReadNote(line, element, note),
            null => Unknown(line, "neither a direction nor a note"),
            string direction => Unknown(line, $"\"dir\": \"{direction}\" is not >, < or *"),
        };
        string[] unknown = [.. element.EnumerateObject().Select(member => member.Name).Except(Known, StringComparer.Ordinal)];
        return unknown.Length == 0 ? entry : entry with { NotCompared = string.Join(", ", unknown) };
    }

    private static TranscriptEntry ReadSent(int line, JsonElement element)
    {
        if (JsonText.Text(element, "packet") is { } packet)
        {
            return new TranscriptEntry(line, EntryKind.Sent) { Bytes = JsonText.Bytes(packet) };
        }

        if (JsonText.Text(element, "ack") is { } ack)
        {
            return new TranscriptEntry(line, EntryKind.SentRaw) { Bytes = JsonText.Bytes(ack) };
        }

        if (JsonText.Has(element, "break"))
        {
            return new TranscriptEntry(line, EntryKind.SentRaw) { Bytes = [.. SerialBreak.Telnet] };
        }

        return (RawBytes(element) ?? TextBytes(element)) is { } bytes
            ? new TranscriptEntry(line, EntryKind.SentRaw) { Bytes = bytes }
            : Unknown(line, "sent, but neither a packet nor raw bytes");
    }

    private static TranscriptEntry ReadReceived(int line, JsonElement element)
    {
        if (JsonText.Text(element, "packet") is { } packet)
        {
            return new TranscriptEntry(line, EntryKind.Received)
            {
                Bytes = JsonText.Bytes(packet),
                IsAcknowledged = !element.TryGetProperty("acked", out JsonElement acked) || acked.ValueKind != JsonValueKind.False,
            };
        }

        if (JsonText.Text(element, "ack") is { } ack)
        {
            return ack is "+" or "-"
                ? new TranscriptEntry(line, EntryKind.Acknowledged) { Text = ack }
                : throw new FormatException($"\"ack\": \"{ack}\" is neither + nor -");
        }

        if (JsonText.Has(element, "silence") || JsonText.Has(element, "timeout"))
        {
            return new TranscriptEntry(line, EntryKind.Silence);
        }

        if (Array.Find(Ends, end => JsonText.Has(element, end)) is { } ended)
        {
            return new TranscriptEntry(line, EntryKind.Note) { Text = $"closed ({ended})" };
        }

        if ((RawBytes(element) ?? TextBytes(element)) is { } bytes)
        {
            return new TranscriptEntry(line, EntryKind.PlainText) { Bytes = bytes };
        }

        // Whatever it is called: something that was no packet. What it is made of is told as not compared.
        return element.EnumerateObject().Any(member => !Known.Contains(member.Name))
            ? new TranscriptEntry(line, EntryKind.Note)
            : Unknown(line, "received, but neither a packet, ack, text nor silence");
    }

    private static byte[]? TextBytes(JsonElement element) => JsonText.Text(element, "text") is { } text ? JsonText.Bytes(text) : null;

    private static TranscriptEntry Unknown(int line, string complaint) => new(line, EntryKind.Unknown) { Text = complaint };

    /// <summary>Digits as a rule; a recorder that wrote characters instead is understood as far as they can't be digits.</summary>
    private static byte[]? RawBytes(JsonElement element)
    {
        if (JsonText.Text(element, "raw") is not { } raw)
        {
            return JsonText.Text(element, "rawtext") is { } text ? JsonText.Bytes(text) : null;
        }

        return raw.Length % 2 == 0 && raw.All(char.IsAsciiHexDigit) ? Convert.FromHexString(raw)
            : JsonText.Text(element, "rawtext") is { } characters ? JsonText.Bytes(characters)
            : throw new FormatException($"\"raw\": \"{raw}\" is not hexadecimal");
    }

    private static TranscriptEntry ReadNote(int line, JsonElement element, string note)
    {
        if (note.StartsWith(ConsolePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return new TranscriptEntry(line, EntryKind.ConsoleInput) { Text = note[ConsolePrefix.Length..].Trim() };
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
            ulong[] addresses = [.. Enumerable.Range(0, 4).Select(n => JsonText.Number(cpu, $"DR{n}"))];
            int number = JsonText.Has(cpu, "cpu") ? (int)Math.Min(JsonText.Number(cpu, "cpu"), int.MaxValue) : dumps.Count;
            ulong? status = JsonText.Has(cpu, "DR6") ? JsonText.Number(cpu, "DR6") : null;
            if (!JsonText.Has(cpu, "DR7"))
            {
                throw new FormatException($"\"drs\": no DR7 of cpu{number}");
            }

            dumps.Add(new DebugRegisterDump(number, addresses, status, JsonText.Number(cpu, "DR7")));
        }

        return new TranscriptEntry(line, EntryKind.DebugRegisters) { Text = note, Dumps = dumps };
    }

    /// <summary>"cpu1 exc_int3 dr7=600,600,600,600 dr6=..."</summary>
    private static FunctionEvent ReadEvent(JsonElement element)
    {
        string text = element.GetString() ?? "";
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || !words[0].StartsWith("cpu", StringComparison.Ordinal) || !words[2].StartsWith("dr7=", StringComparison.Ordinal)
            || !int.TryParse(words[0]["cpu".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int cpu))
        {
            throw new FormatException($"the event \"{text}\" is not \"cpuN function dr7=...\"");
        }

        ulong[] controls = [.. words[2]["dr7=".Length..].Split(',').Select(value => JsonText.Number(value, "dr7"))];
        return new FunctionEvent(cpu, words[1], controls);
    }
}
