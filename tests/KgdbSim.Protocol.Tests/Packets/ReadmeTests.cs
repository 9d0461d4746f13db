using System.Runtime.CompilerServices;
using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Testing;

namespace KgdbSim.Protocol.Tests.Packets;

public sealed class ReadmeTests
{
    private const string Start =
        "<!-- packets: generated from PacketCatalog, see \"Add a packet in three steps\" -->\n";

    private const string End = "<!-- /packets -->\n";

    [Fact]
    public void The_table_of_packets_is_that_of_the_catalogue()
    {
        string readme = File.ReadAllText(PathOfReadme());
        string[] parts = readme.Split(Start);
        Assert.Equal(2, parts.Length);
        string rest = parts[1][parts[1].IndexOf(End, StringComparison.Ordinal)..];
        Snapshot.Verify($"{parts[0]}{Start}{Table()}{rest}", "../../../Protocol/README.md");
    }

    private static string Table()
    {
        var text = new StringBuilder("| packet | asks for | type | feature |\n|---|---|---|---|\n");
        foreach (PacketRow row in PacketCatalog.Rows)
        {
            string syntax = row.Info.Syntax.Replace("|", "\\|", StringComparison.Ordinal);
            string features = string.Join(", ", row.Info.Features.Select(feature => $"`{feature}`"));
            text.Append($"| `{syntax}` | {row.Info.Summary} | `{row.PacketType.Name}` | {features} |\n");
        }

        return text.ToString();
    }

    private static string PathOfReadme([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "../../../Protocol/README.md");
}
