using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Exploration;

/// <summary>
/// A JSON object whose last member is a checksum of all the text before it, so that a damaged or edited file is noticed before
/// it is believed.
/// </summary>
internal static class ChecksummedJson
{
    private const int HexLength = 16;
    private static ReadOnlySpan<byte> Opening => ",\"checksum\":\""u8;

    private static ReadOnlySpan<byte> Closing => "\"}"u8;

    /// <summary>The object with the members that <paramref name="writeMembers"/> writes.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> writeMembers)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        ReadOnlySpan<byte> body = buffer.WrittenSpan[..^1];
        return [.. body, .. Opening, .. Encoding.ASCII.GetBytes(ChecksumOf(body)), .. Closing];
    }

    /// <summary>Reads such an object; null if the checksum is missing or wrong, or it is no JSON.</summary>
    public static JsonDocument? TryRead(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \r\n\t"u8);
        int tail = Opening.Length + HexLength + Closing.Length;
        if (text.Length <= tail)
        {
            return null;
        }

        ReadOnlySpan<byte> body = text[..^tail];
        ReadOnlySpan<byte> checksum = text.Slice(body.Length + Opening.Length, HexLength);
        if (!text[body.Length..].StartsWith(Opening) || !text.EndsWith(Closing)
            || ChecksumOf(body) != Encoding.ASCII.GetString(checksum))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(text.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string ChecksumOf(ReadOnlySpan<byte> body)
    {
        StableHash hash = new(1);
        hash.Add(body);
        return hash.Value.ToString("x16", CultureInfo.InvariantCulture);
    }
}
