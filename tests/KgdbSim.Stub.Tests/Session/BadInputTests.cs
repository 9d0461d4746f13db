using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Packets;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Stub.Tests.Session;

/// <summary>Whatever arrives, the session answers as the protocol says, lives on, and the machine stays as it was.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("m")]
    [InlineData("m1000")]
    [InlineData("mzz,4")]
    [InlineData("M1000,4:00")]
    [InlineData("M1000,1:0")]
    [InlineData("X1000,4:a")]
    [InlineData("P")]
    [InlineData("P10=")]
    [InlineData("Gzz")]
    [InlineData("Hgzz")]
    [InlineData("Z0,")]
    [InlineData("Z0,1000")]
    [InlineData("z2,1000,")]
    [InlineData("vCont;")]
    [InlineData("vCont;q")]
    [InlineData("vCont;r1000:p1.1")]
    [InlineData("T")]
    [InlineData("qXfer:features:read:target.xml:0")]
    [InlineData("qRcmd,z")]
    [InlineData("qSearch:memory:1000;10")]
    [InlineData("qCRC:1000")]
    [InlineData("D;x")]
    public void A_malformed_packet_is_an_error_and_changes_nothing(string payload)
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("E.", gdb.Ask(payload));
        AssertUntouched(gdb);
        Assert.Matches("^E[0-9]{2}$", new SessionDriver().Ask(payload));
    }

    [Theory]
    [InlineData("")]
    [InlineData("qNobodyKnows")]
    [InlineData("vMustReplyEmpty")]
    [InlineData("Z9,1000,1")]
    [InlineData("bc")]
    [InlineData("bs")]
    [InlineData("qTStatus")]
    [InlineData("vStopped")]
    [InlineData("QNonStop:1")]
    [InlineData("\u00ff\u0001\u0002")]
    public void An_unknown_packet_gets_the_empty_reply(string payload)
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("", gdb.Ask(payload));
        AssertUntouched(gdb);
    }

    [Fact]
    public void A_packet_longer_than_announced_is_an_error()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        string payload = "M1000,20000:" + new string('0', PacketFramer.DefaultPayloadMax);
        Assert.Equal("E.the packet is longer than PacketSize", gdb.Ask(payload));
        AssertUntouched(gdb);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Noise_of_64_KiB_harms_nothing(ulong seed)
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Prng prng = new(seed);
        StringBuilder noise = new();
        for (int i = 0; i < 0x10000; i++)
        {
            // Half of it looks like a protocol, or the framer alone would be tested.
            char any = (char)prng.NextBelow(256);
            noise.Append(prng.NextBelow(2) == 0 ? any : "$#+-:;,0123456789abcdefmMgGpPZzHvqxX"[(int)prng.NextBelow(36)]);
        }

        gdb.SendRaw(noise.ToString().Replace('\x03', 'x'));

        // Whatever frame the noise left open ends here; a run it may have begun is ended by Ctrl-C.
        gdb.SendRaw("#00\x03");
        gdb.RunSlices(10);
        string[] last = SessionDriver.Payloads(gdb.SendRaw(SessionDriver.Frame("vMustReplyEmpty")));
        Assert.True(last is [.., ""], $"seed {seed}: not answered after noise: {string.Join('|', last)}");
    }

    [Fact]
    public void Bytes_may_be_split_anywhere()
    {
        string bytes = SessionDriver.Frame("qC") + SessionDriver.Frame("m1000,4") + "+" + SessionDriver.Frame("Hgp1.2");
        string whole = new SessionDriver().SendRaw(bytes);
        for (int split = 1; split < bytes.Length; split++)
        {
            SessionDriver gdb = new();
            Assert.Equal(whole, gdb.SendRaw(bytes[..split]) + gdb.SendRaw(bytes[split..]));
        }
    }

    [Fact]
    public void Every_packet_of_the_catalogue_without_arguments_is_answered_or_is_known_not_to_be()
    {
        foreach (PacketRow row in PacketCatalog.Rows)
        {
            string prefix = Encoding.ASCII.GetString(row.Prefix);
            SessionDriver gdb = new SessionDriver().Negotiated();
            string[] replies = gdb.AskAll(prefix, slices: 1);
            int expected = prefix is "k" or "c" ? 0 : 1;
            Assert.True(replies.Length == expected, $"'{prefix}' got {replies.Length} replies: {string.Join('|', replies)}");
        }
    }

    private static void AssertUntouched(SessionDriver gdb)
    {
        Assert.Equal(SessionDemand.Input, gdb.Session.Demand);
        Assert.Equal(0, gdb.Target.Points.Count);
        Assert.Equal(-1, gdb.Target.Memory.IndexOfAnyExcept((byte)0));
        Assert.Equal([0x1000ul, 0x1010, 0x1020, 0x1030], Enumerable.Range(0, 4).Select(gdb.Target.RipOf));
        Assert.Empty(gdb.Target.Slices);
    }
}
