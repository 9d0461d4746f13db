using System.Text.RegularExpressions;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Oracle;

/// <summary>The recordings as another build of the kernel would have given them: every symbol stands elsewhere.</summary>
public sealed class RelocatedTests
{
    /// <summary>Addresses as packets have them, and as registers show them.</summary>
    private static readonly (string Pattern, string Replacement)[] Moves =
    [
        ("ffffffff8125f([0-3])", "ffffffff8127f$1"), ("ffffffff81bce", "ffffffff81c0e"), ("ffffffff81843780", "ffffffff81a43780"),
        ("ffffffff810c65", "ffffffff810d65"), ("([0-9a-f]{2}f[0-3])2581ffffffff", "${1}2781ffffffff"),
        ("([0-9a-f]{2}e0)bc81ffffffff", "${1}c081ffffffff"), ("([0-9a-f]{2}65)0c81ffffffff", "${1}0d81ffffffff"),
    ];

    [Theory]
    [InlineData("hwbp")]
    [InlineData("swbp")]
    [InlineData("mem_raw")]
    [InlineData("ctl")]
    [InlineData("smp_hw2")]
    [InlineData("watch.bochs")]
    [InlineData("kgdbwait")]
    public void A_replay_is_as_recorded(string name)
    {
        string text = File.ReadAllText(Path.Combine(SampleTranscripts.Folder, name + ".jsonl"));
        foreach ((string pattern, string replacement) in Moves)
        {
            text = Regex.Replace(text, pattern, replacement);
        }

        Transcript transcript = TranscriptReader.Read(new StringReader(text));
        Assert.Equal(0xffff_ffff_8127_f080, transcript.Header.Symbols["oracle_bp_target"]);
        Assert.Equal(0, OracleRunner.CountOpen(OracleRunner.Run(transcript)));
    }
}
