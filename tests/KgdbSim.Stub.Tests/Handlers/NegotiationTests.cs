using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>GDB manual, "General Query Packets", qSupported, and the documents of qXfer.</summary>
public sealed class NegotiationTests
{
    [Fact]
    public void Both_sides_features_meet()
    {
        string reply = new SessionDriver().Ask("qSupported:multiprocess+;swbreak+;hwbreak+;no-resumed+;error-message+;xx+");
        string[] features = reply.Split(';');
        Assert.Equal("PacketSize=20000", features[0]);
        foreach (string expected in (string[])["multiprocess+", "swbreak+", "hwbreak+", "no-resumed+", "QStartNoAckMode+",
            "vContSupported+", "qXfer:features:read+", "qXfer:threads:read+", "qXfer:memory-map:read+",
            "qXfer:exec-file:read+", "binary-upload+", "error-message+", "ConditionalBreakpoints+"])
        {
            Assert.Contains(expected, features);
        }

        Assert.DoesNotContain("ReverseStep", reply);
        Assert.DoesNotContain("BreakpointCommands", reply);
    }

    [Fact]
    public void What_gdb_does_not_know_it_is_not_told()
    {
        string reply = new SessionDriver().Ask("qSupported");
        Assert.DoesNotContain("multiprocess", reply);
        Assert.DoesNotContain("swbreak", reply);
        Assert.DoesNotContain("error-message", reply);
    }

    [Fact]
    public void The_description_is_read_in_pieces()
    {
        SessionDriver gdb = new();
        string text = "";
        while (true)
        {
            string piece = gdb.Ask($"qXfer:features:read:target.xml:{text.Length:x},40");
            text += piece[1..];
            if (piece[0] == 'l')
            {
                break;
            }
        }

        Assert.StartsWith("<?xml", text);
        Assert.EndsWith("</target>\n", text);
        Assert.Contains("org.kgdbsim.system", text);
    }

    [Fact]
    public void Documents_that_do_not_exist_are_errors()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("E.", gdb.Ask("qXfer:features:read:nothing.xml:0,100"));
        Assert.Equal("", gdb.Ask("qXfer:auxv:read::0,100"));
        Assert.Equal("", gdb.Ask("qXfer:features:write:target.xml:0:x"));
    }

    [Fact]
    public void The_memory_map_keeps_nobody_away_from_a_canonical_address()
    {
        string map = new SessionDriver().Ask("qXfer:memory-map:read::0,ffff");
        Assert.Contains("type=\"ram\" start=\"0x0\" length=\"0x800000000000\"", map);
        Assert.Contains("start=\"0xffff800000000000\"", map);
    }

    [Fact]
    public void Small_questions_have_small_answers()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("vCont;c;C;s;S;t;r", gdb.Ask("vCont?"));
        Assert.Equal("1", gdb.Ask("qAttached:1"));
        Assert.Equal("1", gdb.Ask("qAttached"));
        Assert.Equal("Text=0;Data=0;Bss=0", gdb.Ask("qOffsets"));
        Assert.Equal("OK", gdb.Ask("qSymbol::"));
        Assert.Equal("OK", gdb.Ask("QPassSignals:e;10"));
        Assert.Equal("OK", gdb.Ask("QThreadEvents:1"));
    }
}
