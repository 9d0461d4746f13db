using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>One recorded instruction: a line of JSON whose fields FORMAT.md, beside the recordings, explains.</summary>
internal sealed class RecordedVector
{
    private readonly JsonElement _root;
    private readonly JsonElement _outcome;

    public RecordedVector(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        _root = document.RootElement.Clone();
        _outcome = _root.GetProperty("o");
    }

    public string Name => _root.GetProperty("n").GetString()!;

    /// <summary>Enough to find the record again and to see what it is.</summary>
    public string Title => $"id {_root.GetProperty("id")} {Name} ({_root.GetProperty("a").GetString()}; bytes "
        + $"{_root.GetProperty("b").GetString()})";

    public byte[] Code => Bytes(_root.GetProperty("b"));

    public ulong Rip => Number(_root.GetProperty("rip"));

    public ulong Rflags => Number(_root.GetProperty("fl"));

    public ulong[] Gpr => [.. _root.GetProperty("r").EnumerateArray().Select(Number)];

    public ulong WindowAddress => _root.TryGetProperty("m", out JsonElement m) ? Number(m[0]) : 0;

    public byte[] Window => _root.TryGetProperty("m", out JsonElement m) ? Bytes(m[1]) : [];

    public byte[][] Xmm => [.. _root.GetProperty("x").EnumerateArray().Select(Bytes)];

    public uint Mxcsr => (uint)Number(_root.GetProperty("mx"));

    public ulong OutcomeRip => Number(_outcome.GetProperty("rip"));

    public ulong OutcomeRflags => Number(_outcome.GetProperty("fl"));

    public uint OutcomeMxcsr => _outcome.TryGetProperty("mx", out JsonElement mx) ? (uint)Number(mx) : Mxcsr;

    public byte[] OutcomeWindow => _outcome.TryGetProperty("m", out JsonElement m) ? Bytes(m) : Window;

    public ulong UndefinedFlags =>
        _root.TryGetProperty("u", out JsonElement u) && u.TryGetProperty("fl", out JsonElement f) ? Number(f) : 0;

    /// <summary>The exception's vector, or null if the instruction completed.</summary>
    public int? ExceptionVector =>
        _outcome.TryGetProperty("exc", out JsonElement e) ? e.GetProperty("v").GetInt32() : null;

    public uint ExceptionErrorCode =>
        _outcome.GetProperty("exc").TryGetProperty("e", out JsonElement e) ? e.GetUInt32() : 0;

    public ulong? ExceptionCr2 =>
        _outcome.GetProperty("exc").TryGetProperty("cr2", out JsonElement e) ? Number(e) : null;

    public ulong[] OutcomeGpr
    {
        get
        {
            ulong[] gpr = Gpr;
            foreach ((int index, JsonElement value) in Changes("r"))
            {
                gpr[index] = Number(value);
            }

            return gpr;
        }
    }

    public byte[][] OutcomeXmm
    {
        get
        {
            byte[][] xmm = Xmm;
            foreach ((int index, JsonElement value) in Changes("x"))
            {
                xmm[index] = Bytes(value);
            }

            return xmm;
        }
    }

    /// <summary>The records of a gzip or plain file of lines.</summary>
    public static IEnumerable<RecordedVector> Read(Stream stream, bool gzip)
    {
        using Stream plain = gzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
        {
            yield return new RecordedVector(line);
        }
    }

    private static byte[] Bytes(JsonElement element) => Convert.FromHexString(element.GetString()!);

    private static ulong Number(JsonElement element) =>
        ulong.Parse(element.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private IEnumerable<(int Index, JsonElement Value)> Changes(string name)
    {
        if (!_outcome.TryGetProperty(name, out JsonElement changes))
        {
            yield break;
        }

        foreach (JsonProperty change in changes.EnumerateObject())
        {
            yield return (int.Parse(change.Name, CultureInfo.InvariantCulture), change.Value);
        }
    }
}
