using System.Globalization;
using System.Text.Json;

namespace KgdbSim.Target.Vectors;

/// <summary>An exception that a probe's handler logged.</summary>
/// <param name="Offset">RIP pushed, from the start of the body.</param>
internal readonly record struct ProbeEvent(int Vector, long Offset, ulong Dr6, ulong Dr7, ulong Flags, ulong ErrorCode)
{
    public override string ToString() =>
        $"vector {Vector} at +{Offset}, dr6 {Dr6:x} dr7 {Dr7:x} fl {Flags:x} err {ErrorCode:x}";
}

/// <summary>
/// A probe of what only kernel mode can do with debug registers: a few instructions in assembly text, and the events
/// that an emulator delivered for them, with a verdict on how far to believe it.
/// </summary>
/// <param name="Body">The instructions; null where the probe needs a second processor.</param>
/// <param name="Outputs">Values that the body stores at <c>out</c> and <c>out+8</c>, where it does.</param>
internal sealed record KernelProbe(
    string Name, string Verdict, string? Body, string Dr0, string Dr7, ProbeEvent[] Events, ulong?[] Outputs)
{
    /// <summary>Two emulators agree, or one does and the manual says that it is right.</summary>
    public bool Binding => Verdict is "both" or "bochs";

    /// <summary>CR4.DE as the probe's name tells: I/O probes and those of DR4 and DR5 set it.</summary>
    public bool DebugExtensions => Name.EndsWith("_de1", StringComparison.Ordinal)
        || (Name.StartsWith("io_", StringComparison.Ordinal) && !Name.StartsWith("io_de0", StringComparison.Ordinal));

    /// <summary>A line of this format.</summary>
    public static bool Recognises(ReadOnlySpan<byte> line) => line.IndexOf("\"verdict\""u8) >= 0;

    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="KeyNotFoundException">A field is missing.</exception>
    /// <exception cref="FormatException">A number is malformed.</exception>
    public static KernelProbe Parse(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        using JsonDocument document = JsonDocument.ParseValue(ref json);
        JsonElement root = document.RootElement;
        JsonElement result = root.GetProperty("bochs");
        return new KernelProbe(
            Text(root, "name") ?? "",
            Text(root, "verdict") ?? "",
            Text(root, "body"),
            Text(root, "dr0") ?? "0",
            Text(root, "dr7") ?? "0x400",
            [.. result.GetProperty("events").EnumerateArray().Select(Event)],
            [Output(result, "out0"), Output(result, "out1")]);
    }

    private static ProbeEvent Event(JsonElement e) => new(
        e.GetProperty("vec").GetInt32(),
        e.GetProperty("off").GetInt64(),
        Hex(Text(e, "dr6")!),
        Hex(Text(e, "dr7")!),
        Hex(Text(e, "fl")!),
        Hex(Text(e, "err")!));

    private static ulong? Output(JsonElement result, string name) => Text(result, name) is { } text ? Hex(text) : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static ulong Hex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
