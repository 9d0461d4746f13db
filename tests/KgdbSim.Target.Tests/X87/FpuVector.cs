using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using KgdbSim.Target.Tests.Sse;

namespace KgdbSim.Target.Tests.X87;

/// <summary>One recorded x87 or MMX instruction.</summary>
internal sealed class FpuVector
{
    private FpuVector(string line, JsonElement root)
    {
        Common = new RecordedVector(line);
        Before = FpuImage.Parse(root.GetProperty("fp"));
        After = root.GetProperty("o").TryGetProperty("fp", out JsonElement after) ? FpuImage.Parse(after) : Before;
        UndefinedStatus = root.TryGetProperty("u", out JsonElement undefined)
            && undefined.TryGetProperty("sw", out JsonElement sw)
            ? int.Parse(sw.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : 0;
    }

    public RecordedVector Common { get; }

    public FpuImage Before { get; }

    public FpuImage After { get; }

    public int UndefinedStatus { get; }

    /// <summary>The x87 and MMX records of a compressed file of lines; the others are passed over.</summary>
    public static IEnumerable<FpuVector> Read(Stream compressed)
    {
        using var plain = new GZipStream(compressed, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("fp", out _))
            {
                yield return new FpuVector(line, document.RootElement);
            }
        }
    }
}
