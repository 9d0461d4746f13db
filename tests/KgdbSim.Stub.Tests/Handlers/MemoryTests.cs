using System.Text;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>GDB manual, packets m M x X qSearch:memory qCRC. Fake memory is [0x1000, 0x21000).</summary>
public sealed class MemoryTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        SessionDriver gdb = new();
        Assert.Equal("OK", gdb.Ask("M2000,4:01020304"));
        Assert.Equal("01020304", gdb.Ask("m2000,4"));
        Assert.Equal("OK", gdb.Ask("X2004,3:a}\u0003}]"));
        Assert.Equal("61237d", gdb.Ask("m2004,3"));
    }

    [Fact]
    public void Binary_reading_escapes_what_would_be_taken_for_framing()
    {
        SessionDriver gdb = new();
        gdb.Ask("M2000,6:2324" + "7d2a" + "4142");
        Assert.Equal("b}\u0003}\u0004}]}\nAB", gdb.Ask("x2000,6"));
    }

    [Fact]
    public void A_part_is_read_if_the_rest_is_not_there()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("0000", gdb.Ask("m20ffe,8"));
        Assert.Equal("b\0\0", gdb.Ask("x20ffe,8"));
        Assert.Equal("E.this memory cannot be read", gdb.Ask("m21000,8"));
        Assert.Equal("E.this memory cannot be read", gdb.Ask("mffffffffffffffff,8"));
    }

    [Fact]
    public void Writing_is_all_or_nothing()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("E.this memory cannot be written; nothing was", gdb.Ask("M20fff,2:ffff"));
        Assert.Equal("00", gdb.Ask("m20fff,1"));
    }

    [Fact]
    public void The_probe_for_binary_writing_is_answered()
    {
        Assert.Equal("OK", new SessionDriver().Ask("X2000,0:"));
    }

    [Fact]
    public void More_than_a_packet_holds_is_read_in_part()
    {
        string reply = new SessionDriver().Ask("m1000,7fffffff");
        Assert.InRange(reply.Length, 0x10000, 0x20000);
    }

    [Fact]
    public void Breakpoints_are_not_in_memory()
    {
        SessionDriver gdb = new();
        gdb.Ask("M1004,1:90");
        gdb.Ask("Z0,1004,1");
        Assert.Equal("90", gdb.Ask("m1004,1"));
    }

    [Fact]
    public void A_search_finds_the_first_match_also_across_its_pieces()
    {
        SessionDriver gdb = new();
        Encoding.ASCII.GetBytes("needle").CopyTo(gdb.Target.Memory[(0x11000 - 3 - 0x1000)..]);
        Assert.Equal("1,10ffd", gdb.Ask("qSearch:memory:1000;1ffff;needle"));
        Assert.Equal("0", gdb.Ask("qSearch:memory:11000;100;needle"));
        Assert.Equal("0", gdb.Ask("qSearch:memory:1000;3;needle"));
    }

    [Fact]
    public void A_search_that_runs_out_of_memory_is_an_error()
    {
        Assert.StartsWith("E.", new SessionDriver().Negotiated().Ask("qSearch:memory:1000;100000;needle"));
    }

    /// <summary>LLDB, "GDB Remote Protocol Extensions", qMemoryRegionInfo; the fake's one region is readable and executable, at [1000, 21000).</summary>
    [Theory]
    [InlineData("0", "start:0;size:1000;")]
    [InlineData("fff", "start:0;size:1000;")]
    [InlineData("1000", "start:1000;size:20000;permissions:rx;")]
    [InlineData("20fff", "start:1000;size:20000;permissions:rx;")]
    [InlineData("21000", "start:21000;size:fffffffffffdefff;")]
    [InlineData("ffffffffffffffff", "start:21000;size:fffffffffffdefff;")]
    public void A_region_is_told_with_its_rights_and_what_is_not_mapped_without(string address, string expected) =>
        Assert.StartsWith(expected, new SessionDriver().Negotiated().Ask("qMemoryRegionInfo:" + address), StringComparison.Ordinal);

    [Fact]
    public void A_region_s_name_is_in_hexadecimal() =>
        Assert.Equal("start:1000;size:20000;permissions:rx;name:52414d;", new SessionDriver().Negotiated().Ask("qMemoryRegionInfo:1000"));

    [Fact]
    public void The_checksum_is_the_catalogued_one()
    {
        // CRC-32/MPEG-2 of "123456789" is 0376e6e7 in every catalogue of CRCs.
        SessionDriver gdb = new();
        gdb.Ask("X2000,9:123456789");
        Assert.Equal("C376e6e7", gdb.Ask("qCRC:2000,9"));
        Assert.Matches("^E..$", gdb.Ask("qCRC:20fff,2"));
    }
}
