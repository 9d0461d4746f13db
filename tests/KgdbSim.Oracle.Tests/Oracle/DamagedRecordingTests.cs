using System.Text;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Oracle;

/// <summary>Whatever stands in a file, it is refused with the line's number or replayed to a verdict.</summary>
public sealed class DamagedRecordingTests
{
    private const string Header = """{"header": true, "name": "x", "smp": 4, "symbols": {"oracle_buf": "ffffffff81bce000"}}""";

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("[]", "line 1")]
    [InlineData("{", "line 1")]
    [InlineData("""{"dir": ">", "packet": "?"}""", "line 1")]
    [InlineData("""{"header": true, "smp": 9}""", "smp")]
    [InlineData("""{"header": true, "symbols": {"oracle_buf": "zz"}}""", "oracle_buf")]
    [InlineData("""{"header": true, "symbols": {"oracle_buf": "11112222333344445"}}""", "oracle_buf")]
    [InlineData("""{"header": true, "symbols": {"oracle_buf": "ffffffff71bce000"}}""", "oracle_buf")]
    [InlineData("""{"header": true, "symbols": {"oracle_buf": "ffffffff81bce010"}}""", "oracle_buf")]
    [InlineData("""{"header": true, "symbols": {"oracle_ro": "ffffffff81bce010"}}""", "oracle_ro")]
    [InlineData("""{"header": true, "symbols": {"oracle_wr4": "ffffffff8125f081"}}""", "oracle_wr4")]
    [InlineData(Header + "\n7", "line 2")]
    [InlineData(Header + "\n{\"dir\": \">\", \"packet\": null, \"raw\": \"2\"}", "raw")]
    [InlineData(Header + "\n{\"dir\": \">\", \"packet\": \"\u20ac\"}", "20ac")]
    [InlineData(Header + "\n{\"dir\": \"<\", \"packet\": null, \"ack\": \"x\"}", "ack")]
    [InlineData(Header + "\n{\"dir\": \"*\", \"drs\": [{\"cpu\": 0, \"DR0\": \"1\"}]}", "DR7")]
    [InlineData(Header + "\n{\"dir\": \"*\", \"drs\": [{\"cpu\": 0, \"DR7\": \"xyz\"}]}", "xyz")]
    [InlineData(Header + "\n{\"dir\": \"*\", \"events\": [\"cpu1 exc_int3\"]}", "exc_int3")]
    public void A_line_that_is_not_of_the_format_is_named(string text, string named)
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => Run(text));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"dir": "*", "note": "console input: fly 1"}""", "fly")]
    [InlineData("""{"dir": "*", "note": "console input: run 2 1 wr16 0"}""", "wr16")]
    [InlineData("""{"dir": "*", "note": "console input: run 2 1 wr4 xyz"}""", "xyz")]
    [InlineData("""{"dir": "*", "note": "console input: sysrq 1 b"}""", "sysrq b")]
    [InlineData("""{"dir": "*", "note": "x", "drs": [{"cpu": 4, "DR6": "ffff0ff0", "DR7": "600"}]}""", "4 CPUs")]
    [InlineData("""{"dir": "*", "note": "x", "events": ["cpu0 exc_int3 dr7=600", "cpu0 exc_int3 dr7=600,600"]}""", "not in each")]
    [InlineData("""{"dir": "<", "packet": "S05"}""", "silence")]
    [InlineData("{}", "direction")]
    [InlineData("""{"dir": "="}""", "is not >, < or *")]
    [InlineData("""{"dir": ">"}""", "neither a packet")]
    [InlineData("""{"dir": ">", "packet": null, "typed": "kgdb"}""", "neither a packet")]
    [InlineData("""{"dir": "<", "packet": null}""", "neither a packet")]
    [InlineData("""{"dir": "<", "packet": null, "ack": "-"}""", "none")]
    public void What_cannot_be_replayed_is_a_difference_at_its_line(string line, string actual)
    {
        OracleDifference found = Assert.Single(Run(Header + "\n" + line), d => d.Reason is null);
        Assert.Equal(2, found.Line);
        Assert.Contains(actual, found.Actual, StringComparison.Ordinal);
        Assert.Null(found.Reason);
    }

    [Theory]
    [InlineData("""{"dir": "*", "note": "end"}""")]
    [InlineData("""{"note": "no direction"}""")]
    [InlineData("""{"dir": "<", "packet": null, "eof": true, "t": 1}""")]
    [InlineData("""{"dir": "<", "packet": null, "text": "login: "}""")]
    [InlineData("""{"dir": "<", "packet": null, "raw": "0d0a"}""")]
    [InlineData("""{"dir": ">", "packet": null, "raw": null, "rawtext": "+"}""")]
    [InlineData("""{"dir": ">", "ack": "+"}""")]
    [InlineData("""{"dir": ">", "packet": null, "break": true}""")]
    [InlineData("""{"dir": "*", "note": "Console input:   ping  "}""")]
    [InlineData("""{"dir": "*", "note": "x", "rips": {"0": "0"}, "eflags": "2", "total": 0, "text": ""}""")]
    [InlineData("""{"dir": "*", "note": "x", "drs": [{"cpu": 0, "DR7": "0x600"}, {"cpu": 3, "DR6": "FFFF0FF0", "DR7": 1536}]}""")]
    public void Other_ways_to_say_nothing_new_are_understood(string line) => Assert.Empty(Run(Header + "\n" + line));

    [Theory]
    [InlineData("""{"dir": "*", "note": "x", "weather": "fine"}""")]
    [InlineData("""{"dir": "<", "packet": null, "weather": "[1]kdb> "}""")]
    public void Members_that_nobody_knows_are_told_and_do_no_harm(string line)
    {
        OracleDifference found = Assert.Single(Run(Header + "\n" + line));
        Assert.Equal("weather", found.Expected);
        Assert.NotNull(found.Reason);
    }

    [Theory]
    [InlineData("""{"name": "hwbp.stock"}""", "hwbp", true, false, 4)]
    [InlineData("""{"header": true}""", "watch.bochs", false, false, 1)]
    [InlineData("""{"header": true, "name": "kdb"}""", "kdb.build-kdb", false, true, 4)]
    [InlineData("""{"header": true, "name": "a.bochs", "accel": "bochs", "smp": 4}""", "b", false, false, 1)]
    [InlineData("""{"header": true, "smp": "2", "cmdline": null, "symbols": null}""", "b", false, false, 2)]
    public void What_a_header_leaves_out_comes_from_the_name_of_the_file(string text, string file, bool drops, bool kdb, int cpus)
    {
        TranscriptHeader header = TranscriptReader.Read(new StringReader(text), file).Header;
        Assert.Equal((drops, kdb, cpus), (header.DropsHits, header.HasKdb, header.CpuCount));
    }

    [Theory]
    [InlineData("comboB.bochs", 60)]
    [InlineData("kgdbwait", 60)]
    [InlineData("smp_step", 20)]
    [InlineData("order", 40)]
    [InlineData("ctl", 20)]
    [InlineData("framing", 20)]
    public void Damage_of_any_kind_is_survived(string name, int count)
    {
        string[] lines = File.ReadAllLines(Path.Combine(SampleTranscripts.Folder, name + ".jsonl"));
        for (int seed = 0; seed < count; seed++)
        {
            string damaged = new Damage(seed).Apply(lines);
            Exception? failure = Record.Exception(() => Run(damaged));
            Assert.True(
                failure is null or InvalidDataException, $"{name}, seed {seed}: {failure}\n{damaged[..Math.Min(damaged.Length, 400)]}");
        }
    }

    private static IReadOnlyList<OracleDifference> Run(string text) => OracleRunner.Run(TranscriptReader.Read(new StringReader(text)));

    /// <summary>A few changes at places that a seed chooses.</summary>
    private sealed class Damage(int seed)
    {
        private readonly Random _random = new(seed);

        public string Apply(IEnumerable<string> original)
        {
            List<string> lines = [.. original];
            for (int i = 0; i < 3; i++)
            {
                int at = _random.Next(lines.Count);
                switch (_random.Next(5))
                {
                    case 0 when at > 0:
                        lines.RemoveAt(at);
                        break;
                    case 1:
                        lines.Insert(at, lines[_random.Next(lines.Count)]);
                        break;
                    case 2:
                        (lines[at], lines[^1]) = (lines[^1], lines[at]);
                        break;
                    case 3 when lines[at].Length > 0:
                        lines[at] = lines[at][.._random.Next(lines[at].Length)];
                        break;
                    default:
                        lines[at] = Scribble(lines[at]);
                        break;
                }
            }

            return string.Join('\n', lines);
        }

        private string Scribble(string line)
        {
            var text = new StringBuilder(line);
            for (int i = 0; i < 4 && text.Length > 0; i++)
            {
                text[_random.Next(text.Length)] = "0189afTOKEZz,:;\"}{ $#\u00ff"[_random.Next(22)];
            }

            return text.ToString();
        }
    }
}
