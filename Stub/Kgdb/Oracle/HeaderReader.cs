using System.Globalization;
using System.Text.Json;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Reads the first line of a transcript. Every member may be missing but the mark that it is a header.</summary>
internal static class HeaderReader
{
    private const int CpusMax = 8;

    /// <summary>A first line with one of these is meant as a header.</summary>
    private static readonly string[] Marks = ["header", "name", "symbols", "scenario"];

    /// <exception cref="FormatException">It is none.</exception>
    public static TranscriptHeader Read(JsonElement element, string name)
    {
        if (JsonText.Has(element, "dir") || !Array.Exists(Marks, mark => JsonText.Has(element, mark)))
        {
            throw new FormatException("the first line is no header");
        }

        var symbols = new Dictionary<string, ulong>(StringComparer.Ordinal);
        if (JsonText.Has(element, "symbols"))
        {
            foreach (JsonProperty symbol in element.GetProperty("symbols").EnumerateObject())
            {
                symbols[symbol.Name] = JsonText.Number(element.GetProperty("symbols"), symbol.Name);
            }
        }

        string own = JsonText.Text(element, "name") ?? name;
        return new TranscriptHeader
        {
            // The end of the file's name says where it was recorded, if the header does not.
            Name = own.Contains('.', StringComparison.Ordinal) ? own : own + Variant(name),
            Scenario = JsonText.Text(element, "scenario") ?? "",
            Accelerator = JsonText.Text(element, "accel") ?? ((own + name).Contains(".bochs", StringComparison.Ordinal) ? "bochs" : "tcg"),
            CommandLine = JsonText.Text(element, "cmdline") ?? "",
            Smp = Cpus(element),
            Symbols = symbols,
        };
    }

    private static string Variant(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? "" : name[dot..];
    }

    private static int Cpus(JsonElement element)
    {
        if (!JsonText.Has(element, "smp"))
        {
            return 4;
        }

        JsonElement smp = element.GetProperty("smp");
        int count = smp.ValueKind == JsonValueKind.Number ? smp.GetInt32() : int.Parse(smp.GetString()!, CultureInfo.InvariantCulture);
        return count is >= 1 and <= CpusMax ? count : throw new FormatException($"smp: {count} CPUs, of 1 to {CpusMax}");
    }
}
