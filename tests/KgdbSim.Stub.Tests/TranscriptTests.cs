using KgdbSim.Testing;

namespace KgdbSim.Stub.Tests;

/// <summary>Conversations with real gdb, recorded by <c>kgdbsim serve --trace</c> and played again.</summary>
public sealed class TranscriptTests
{
    [Fact]
    public void A_transcript_is_read_line_by_line()
    {
        Transcript transcript = Transcript.Parse("* 127.0.0.1:1 connected\n> qC\n< QC1\n> X10,1:\\x00\\x5c\n< OK\n* Ctrl-C\n< O41\n< T02\n");
        Assert.Equal(["qC", "X10,1:\0\\", "\x03"], transcript.Exchanges.Select(exchange => exchange.Request));
        Assert.Equal(["O41", "T02"], transcript.Exchanges[2].Replies);
        Assert.Throws<FormatException>(() => Transcript.Parse("< OK\n"));
        Assert.Throws<FormatException>(() => Transcript.Parse("what?\n"));
    }
}
