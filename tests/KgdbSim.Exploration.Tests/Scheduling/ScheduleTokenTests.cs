using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Scheduling;

public sealed class ScheduleTokenTests
{
    /// <summary>
    /// The format is a promise to tokens in old bug reports: 00 (sequentially consistent) 02 (two runs) 03 (runnable 0, three
    /// steps) 12 (runnable 1, two steps) 05 (the number 5) in base64url is AAIDEgU.
    /// </summary>
    [Fact]
    public void Version_1_looks_like_this_for_ever()
    {
        ScheduleToken token = new("HB-07/bad", MemoryModel.SequentiallyConsistent, new Schedule([0, 0, 0, 1, 1], [5]));
        string text = token.ToString();
        Assert.StartsWith("kgs1:HB-07/bad:AAIDEgU:", text, StringComparison.Ordinal);
        Assert.Equal(TokenError.None, ScheduleToken.TryParse("kgs1:HB-07/bad:AAIDEgU:BRFtMg", out ScheduleToken? parsed));
        Assert.Equal(token.Schedule, parsed!.Schedule);
    }

    [Fact]
    public void Random_schedules_survive_the_round_trip()
    {
        Prng prng = new(7);
        for (int i = 0; i < 2_000; i++)
        {
            int[] choices = new int[prng.NextBelow(60)];
            int runnable = 0;
            for (int k = 0; k < choices.Length; k++)
            {
                runnable = prng.NextBelow(4) == 0 ? (int)prng.NextBelow(prng.NextBelow(2) == 0 ? 5UL : 400UL) : runnable;
                choices[k] = runnable;
            }

            ulong[] numbers = new ulong[prng.NextBelow(4)];
            for (int k = 0; k < numbers.Length; k++)
            {
                numbers[k] = prng.NextUInt64() >> (int)prng.NextBelow(64);
            }

            ScheduleToken token = new("random", (MemoryModel)prng.NextBelow(2), new Schedule(choices, numbers));
            Assert.Equal(TokenError.None, ScheduleToken.TryParse(token.ToString(), out ScheduleToken? parsed));
            Assert.Equal(token, parsed);
        }
    }

    [Fact]
    public void Any_single_changed_character_is_noticed()
    {
        string text = new ScheduleToken("p", MemoryModel.TotalStoreOrder, new Schedule([0, 1, 2, 2, 1, 0], [])).ToString();
        for (int i = 0; i < text.Length; i++)
        {
            foreach (char c in "A0_:~")
            {
                string changed = string.Concat(text.AsSpan(0, i), c.ToString(), text.AsSpan(i + 1));
                Assert.True(changed == text || ScheduleToken.TryParse(changed, out _) != TokenError.None, changed);
            }
        }
    }

    [Theory]
    [InlineData("", TokenError.NotAToken)]
    [InlineData("hello", TokenError.NotAToken)]
    [InlineData("kgs", TokenError.NotAToken)]
    [InlineData("kgs1:p:AAIDEgU", TokenError.NotAToken)]
    [InlineData("kgs2:p:AAIDEgU:AAAAAA", TokenError.UnsupportedVersion)]
    [InlineData("kgs2:whatever comes later", TokenError.UnsupportedVersion)]
    [InlineData("kgs1:a b:AAIDEgU:AAAAAA", TokenError.BadProgramName)]
    [InlineData("kgs1::AAIDEgU:AAAAAA", TokenError.BadProgramName)]
    [InlineData("kgs1:p:AA!DEgU:AAAAAA", TokenError.BadCharacter)]
    [InlineData("kgs1:HB-07/bad:AAIDEgU:AAAAAA", TokenError.ChecksumMismatch)]
    [InlineData("kgs1:HB-07/good:AAIDEgU:BRFtMg", TokenError.ChecksumMismatch)]
    public void Bad_tokens_have_named_errors(string text, TokenError error)
    {
        Assert.Equal(error, ScheduleToken.TryParse(text, out ScheduleToken? token));
        Assert.Null(token);
    }

    [Theory]
    [InlineData(new byte[] { 9, 0 })]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 0, 1, 0xF1 })]
    [InlineData(new byte[] { 0, 1, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    [InlineData(new byte[] { 0, 0, 0x80 })]
    [InlineData(new byte[] { 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02 })]
    public void Nonsense_with_a_good_checksum_is_refused(byte[] payload) =>
        Assert.False(ScheduleCodec.TryDecode(payload, out _, out _));

    [Fact]
    public void A_program_with_an_impossible_name_cannot_make_a_token() => Assert.Throws<ArgumentException>(
        () => new ScheduleToken("a:b", MemoryModel.SequentiallyConsistent, new Schedule([], [])).ToString());
}
