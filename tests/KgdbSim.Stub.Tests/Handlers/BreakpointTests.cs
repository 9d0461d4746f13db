using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>GDB manual, packets Z and z: "the operations should be implemented in an idempotent way".</summary>
public sealed class BreakpointTests
{
    [Theory]
    [InlineData("0,1004,1")]
    [InlineData("1,1004,1")]
    [InlineData("2,2000,8")]
    [InlineData("3,2000,1")]
    [InlineData("4,2000,4")]
    public void They_come_and_go(string point)
    {
        SessionDriver gdb = new();
        Assert.Equal("OK", gdb.Ask("Z" + point));
        Assert.Equal(1, gdb.Target.Points.Count);
        Assert.Equal("OK", gdb.Ask("z" + point));
        Assert.Equal(0, gdb.Target.Points.Count);
        Assert.Equal("OK", gdb.Ask("z" + point));
    }

    [Fact]
    public void Being_out_of_them_is_an_error()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        for (int i = 0; i < FakePoints.HardwareMax; i++)
        {
            Assert.Equal("OK", gdb.Ask($"Z1,{0x1000 + i:x},1"));
        }

        Assert.Equal("E.no debug register is free", gdb.Ask("Z1,1080,1"));
        Assert.Equal("OK", gdb.Ask("Z1,1000,1"));
    }

    [Fact]
    public void A_length_that_cannot_be_watched_is_an_error()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("E.not possible with this length", gdb.Ask("Z2,2000,0"));
        Assert.Equal("E.not possible with this length", gdb.Ask("Z2,2000,100"));
    }

    [Theory]
    [InlineData("Z0,1004,1;X2,2200", "E.a condition is no valid agent expression")] // Runs off its end.
    [InlineData("Z0,1004,1;X3,220027X1,13", "E.a condition is no valid agent expression")]
    [InlineData("Z2,2000,8;X3,220027", "E.a watchpoint has no conditions")]
    [InlineData("Z0,1004,1;cmds:0,X3,220027", "E.commands were not offered")]
    public void What_cannot_be_kept_is_refused(string packet, string reply)
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal(reply, gdb.Ask(packet));
        Assert.Equal(0, gdb.Target.Points.Count);
    }
}
