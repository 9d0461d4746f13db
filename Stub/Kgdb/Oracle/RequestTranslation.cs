using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Puts our thread ids into the packets that carry recorded ones.</summary>
internal static class RequestTranslation
{
    private static readonly string[] Prefixes = ["Hg", "Hc", "T", "qThreadExtraInfo,"];

    public static string Apply(string payload, ThreadMap threads)
    {
        foreach (string prefix in Prefixes)
        {
            if (!payload.StartsWith(prefix, StringComparison.Ordinal)
                || !uint.TryParse(payload[prefix.Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint recorded))
            {
                continue;
            }

            uint ours = threads.Translate(recorded);
            return ours == recorded ? payload : string.Create(CultureInfo.InvariantCulture, $"{prefix}{ours:x2}");
        }

        return payload;
    }
}
