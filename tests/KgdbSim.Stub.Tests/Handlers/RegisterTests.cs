using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>GDB manual, packets g G p P.</summary>
public sealed class RegisterTests
{
    [Fact]
    public void All_are_read_in_the_order_of_the_description_without_system_registers()
    {
        SessionDriver gdb = new();
        string reply = gdb.Ask("g");
        RegisterDescription cr0 = gdb.Target.Registers.Find("cr0")!;
        Assert.Equal(2 * cr0.Offset, reply.Length);
        RegisterDescription rip = gdb.Target.Registers.Find("rip")!;
        Assert.Equal("0010000000000000", reply.Substring(2 * rip.Offset, 16));
    }

    [Fact]
    public void One_is_read_and_written_by_number()
    {
        SessionDriver gdb = new();
        Assert.Equal("OK", gdb.Ask("P3=8877665544332211"));
        Assert.Equal("8877665544332211", gdb.Ask("p3"));
        int dr7 = gdb.Target.Registers.Find("dr7")!.Number;
        Assert.Equal("OK", gdb.Ask($"P{dr7:x}=0004000000000000"));
        Assert.Equal("0004000000000000", gdb.Ask($"p{dr7:x}"));
    }

    [Fact]
    public void They_belong_to_the_selected_cpu()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("OK", gdb.Ask("Hgp1.3"));
        Assert.Equal("2010000000000000", gdb.Ask("p10"));
        Assert.Equal("OK", gdb.Ask("Hgp0.0"));
        Assert.Equal("2010000000000000", gdb.Ask("p10"));
    }

    [Fact]
    public void A_register_that_does_not_exist_is_an_error()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("E.there is no such register", gdb.Ask("pffff"));
        Assert.Equal("E.there is no such register", gdb.Ask("P7fffffff=00"));
    }

    [Fact]
    public void A_value_of_another_size_is_an_error()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("E.the value is not of the register's size", gdb.Ask("P0=00"));
        Assert.Equal("E.the value is not of the register's size", gdb.Ask("G00"));
    }

    [Fact]
    public void Writing_all_is_all_or_nothing()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        string before = gdb.Ask("g");
        string good = "1100000000000000" + before[16..];
        Assert.Equal("OK", gdb.Ask("G" + good));
        Assert.Equal(good, gdb.Ask("g"));

        // The second register gets the value that this machine refuses.
        string bad = "2200000000000000" + "ad0b000000000000" + before[32..];
        Assert.Equal("E.the register cannot hold this value", gdb.Ask("G" + bad));
        Assert.Equal(good, gdb.Ask("g"));
    }
}
