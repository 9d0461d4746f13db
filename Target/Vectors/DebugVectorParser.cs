using System.Globalization;
using System.Text.Json;

namespace KgdbSim.Target.Vectors;

/// <summary>Parses a line of a file of debug-exception records.</summary>
internal static class DebugVectorParser
{
    private static readonly string[] Registers =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9"];

    /// <summary>A line of this format: unlike instruction vectors it has stops.</summary>
    public static bool Recognises(ReadOnlySpan<byte> line) => line.IndexOf("\"stops\""u8) >= 0;

    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="FormatException">A number is malformed.</exception>
    public static DebugVectorRecord Parse(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        using JsonDocument document = JsonDocument.ParseValue(ref json);
        JsonElement root = document.RootElement;
        var gpr = new ulong[16];
        for (int i = 0; i < Registers.Length; i++)
        {
            gpr[i] = Hex(root.GetProperty("regs").GetProperty(Registers[i]));
        }

        return new DebugVectorRecord(
            root.GetProperty("id").GetInt64(),
            root.GetProperty("name").GetString() ?? "",
            root.TryGetProperty("tag", out JsonElement tags) ? [.. tags.EnumerateArray().Select(Text)] : [],
            Convert.FromHexString(Text(root.GetProperty("code"))),
            Hex(root.GetProperty("rip")),
            Hex(root.GetProperty("fl")))
        {
            Gpr = gpr,
            Memory = [.. root.GetProperty("mem").EnumerateArray().Select(Contents)],
            Dr = [.. root.GetProperty("dr").EnumerateArray().Select(Hex)],
            Dr7 = Hex(root.GetProperty("dr7")),
            Listing = [.. root.GetProperty("asm").EnumerateArray().Select(Text)],
            Stops = [.. root.GetProperty("stops").EnumerateArray().Select(Stop)],
            End = Stop(root.GetProperty("end")),
        };
    }

    private static (ulong Address, byte[] Bytes) Contents(JsonElement pair) =>
        (Hex(pair[0]), Convert.FromHexString(Text(pair[1])));

    private static DebugStop Stop(JsonElement stop)
    {
        ulong Field(string name) => stop.TryGetProperty(name, out JsonElement value) ? Hex(value) : 0;

        return new DebugStop(
            Kind(Text(stop.GetProperty("kind"))),
            Field("dr6"),
            Field("rip"),
            Field("fl"),
            Field("rcx"),
            Field("rsi"),
            Field("rdi"),
            Field("rsp"),
            stop.TryGetProperty("sig", out JsonElement signal) ? signal.GetInt32() : 0);
    }

    private static DebugStopKind Kind(string name) => name switch
    {
        "hw" => DebugStopKind.Hardware,
        "step" => DebugStopKind.Step,
        "icebp" => DebugStopKind.Icebp,
        "int3" => DebugStopKind.Int3,
        "end" => DebugStopKind.End,
        "fault" => DebugStopKind.Fault,
        "limit" => DebugStopKind.Limit,
        _ => throw new FormatException($"unknown kind of stop: {name}"),
    };

    private static string Text(JsonElement element) => element.GetString() ?? "";

    private static ulong Hex(JsonElement element) =>
        ulong.Parse(Text(element), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
