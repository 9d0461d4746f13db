using System.Text;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Oracle;

/// <summary>A recording with one thing changed must fail, at that line: whoever compares nothing agrees with everything.</summary>
public sealed class ReplayFindsDifferencesTests
{
    [Theory]
    [InlineData("hwbp", "T05thread:41;", "T0bthread:41;")]
    [InlineData("hwbp", "OK", "E01")]
    [InlineData("framing", "QC40", "QC41")]
    [InlineData("swbp", "E34", "E14")]
    [InlineData("swbp", "9090b801", "cc90b801")]
    [InlineData("mem_raw", "aabbfcdd00000000", "aabb000000000000")]
    [InlineData("handshake", "736861646f7743505530", "736861646f7743505531")]
    public void A_changed_reply_is_found(string name, string recorded, string changed)
    {
        Transcript transcript = SampleTranscripts.Read(name);
        List<TranscriptEntry> entries = [.. transcript.Entries];
        int index = entries.FindLastIndex(e => e.Kind == EntryKind.Received && Encoding.Latin1.GetString(e.Bytes) == recorded);
        entries[index] = entries[index] with { Bytes = Encoding.Latin1.GetBytes(changed) };

        OracleDifference found = Assert.Single(OracleRunner.Run(transcript with { Entries = entries }));

        Assert.Equal(entries[index].Line, found.Line);
        Assert.Null(found.Reason);
    }

    [Theory]
    [InlineData(256, "01")]
    [InlineData(272, "03")]
    [InlineData(80, "01")]
    public void A_changed_register_is_found(int digit, string value)
    {
        // rip, eflags and rdi of the first hit.
        Transcript transcript = SampleTranscripts.Read("hwbp");
        List<TranscriptEntry> entries = [.. transcript.Entries];
        int index = entries.FindIndex(e => e.Kind == EntryKind.Received && e.Bytes.Length == 312);
        byte[] image = [.. entries[index].Bytes];
        Encoding.Latin1.GetBytes(value).CopyTo(image, digit);
        entries[index] = entries[index] with { Bytes = image };

        Assert.Equal(entries[index].Line, Assert.Single(OracleRunner.Run(transcript with { Entries = entries })).Line);
    }

    [Theory]
    [InlineData("running after both were removed")]
    [InlineData("stopped at the hit on cpu3")]
    public void A_changed_debug_register_is_found(string note)
    {
        Transcript transcript = SampleTranscripts.Read("hwbp");
        List<TranscriptEntry> entries = [.. transcript.Entries];
        int index = entries.FindIndex(e => e.Kind == EntryKind.DebugRegisters && e.Text.Contains(note, StringComparison.Ordinal));
        List<DebugRegisterDump> dumps = [.. entries[index].Dumps];
        dumps[2] = dumps[2] with { Control = 0x60a };
        entries[index] = entries[index] with { Dumps = dumps };

        Assert.Equal(entries[index].Line, Assert.Single(OracleRunner.Run(transcript with { Entries = entries })).Line);
    }

    [Theory]
    [InlineData("Z1 and c", 0x60aul, 12)]
    [InlineData("hit (#DB)", 0x602ul, 17)]
    public void A_changed_order_of_events_is_found(string note, ulong control, int index)
    {
        Transcript transcript = SampleTranscripts.Read("order");
        List<TranscriptEntry> entries = [.. transcript.Entries];
        int at = entries.FindIndex(e => e.Kind == EntryKind.Events && e.Text.Contains(note, StringComparison.Ordinal));
        List<FunctionEvent> events = [.. entries[at].Events];
        events[index] = events[index] with { Controls = [.. events[index].Controls.Take(3), control] };
        entries[at] = entries[at] with { Events = events };

        Assert.Equal(entries[at].Line, Assert.Single(OracleRunner.Run(transcript with { Entries = entries })).Line);
    }

    [Fact]
    public void A_stop_that_was_not_recorded_is_found()
    {
        Transcript transcript = SampleTranscripts.Read("hwbp");
        List<TranscriptEntry> entries = [.. transcript.Entries];
        int index = entries.FindIndex(e => e.Kind == EntryKind.Silence);
        entries.Insert(index, new TranscriptEntry(1000, EntryKind.ConsoleInput) { Text = "sysrq 2 g" });

        OracleDifference found = OracleRunner.Run(transcript with { Entries = entries })[0];

        Assert.Equal("silence", found.Expected);
        Assert.StartsWith("T05thread:", found.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listed_difference_needs_its_rule_not_its_file()
    {
        // The same recording under another name and from another machine has no excuse.
        Transcript transcript = SampleTranscripts.Read("watch");
        Transcript bochs = transcript with { Header = transcript.Header with { Accelerator = "hardware", Name = "watch" } };
        Assert.Equal(0, OracleRunner.CountOpen(OracleRunner.Run(transcript with { Header = transcript.Header with { Name = "unseen" } })));
        Assert.NotEqual(0, OracleRunner.CountOpen(OracleRunner.Run(bochs)));
    }
}
