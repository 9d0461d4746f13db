using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>What a transcript's JSON holds in places where recorders differ: numbers as text or not, bytes as characters or digits.</summary>
internal static class JsonText
{
    /// <summary>A member's text; null if it is missing, null or no text.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether a member is there and holds something.</summary>
    public static bool Has(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Characters that stand for bytes.</summary>
    /// <exception cref="FormatException">One of them is no byte.</exception>
    public static byte[] Bytes(string text)
    {
        foreach (char character in text)
        {
            if (character > byte.MaxValue)
            {
                throw new FormatException($"U+{(int)character:x4} is no byte");
            }
        }

        return Encoding.Latin1.GetBytes(text);
    }

    /// <summary>A hexadecimal number with or without 0x, or a JSON number; 0 if there is none.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ulong Number(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return 0;
        }

        return value.ValueKind == JsonValueKind.Number ? value.GetUInt64() : Number(value.GetString(), name);
    }

    /// <summary>The same of a text.</summary>
    public static ulong Number(string? text, string what)
    {
        string digits = text ?? "";
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
        }

        if (digits.Length == 0)
        {
            return 0;
        }

        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new FormatException($"{what}: \"{text}\" is no hexadecimal number of 64 bits");
    }
}
