using System.Text;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>GDB manual, "Host I/O Packets": the guest's image is the only file.</summary>
public sealed class FileTests
{
    private static readonly string Own = Convert.ToHexString(Encoding.UTF8.GetBytes("/guests/fake.elf"));

    [Fact]
    public void The_image_is_named_opened_read_and_closed()
    {
        SessionDriver gdb = new();
        Assert.Equal("l/guests/fake.elf", gdb.Ask("qXfer:exec-file:read:1:0,100"));
        Assert.Equal("F0", gdb.Ask("vFile:setfs:0"));
        Assert.Equal("F3", gdb.Ask($"vFile:open:{Own},0,0"));
        Assert.Equal("F8;\u007fELF\u0001\u0002\u0003\u0004", gdb.Ask("vFile:pread:3,100,0"));
        Assert.Equal("F2;\u0003\u0004", gdb.Ask("vFile:pread:3,2,6"));
        Assert.Equal("F0;", gdb.Ask("vFile:pread:3,2,8"));
        Assert.Equal("F0;", gdb.Ask("vFile:pread:3,2,ffffffffffffffff"));
        Assert.StartsWith("F40;", gdb.Ask("vFile:fstat:3"));
        Assert.Equal("F0", gdb.Ask("vFile:close:3"));
        Assert.Equal("F-1,9", gdb.Ask("vFile:pread:3,2,0"));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/guests/../etc/passwd")]
    [InlineData("/guests/./fake.elf")]
    [InlineData("fake.elf")]
    [InlineData("")]
    public void Nothing_else_of_the_host_is_there(string path)
    {
        string hex = Convert.ToHexString(Encoding.UTF8.GetBytes(path));
        Assert.Equal("F-1,2", new SessionDriver().Ask($"vFile:open:{hex},0,0"));
        Assert.Equal("F-1,2", new SessionDriver().Ask($"vFile:stat:{hex}"));
    }

    [Fact]
    public void Nothing_can_be_changed()
    {
        SessionDriver gdb = new();
        Assert.Equal("F-1,1e", gdb.Ask($"vFile:open:{Own},1,0"));
        Assert.Equal("F-1,1e", gdb.Ask($"vFile:unlink:{Own}"));
        gdb.Ask($"vFile:open:{Own},0,0");
        Assert.Equal("F-1,1e", gdb.Ask("vFile:pwrite:3,0,abc"));
    }

    [Fact]
    public void Descriptors_run_out_and_come_back()
    {
        SessionDriver gdb = new();
        string last = "";
        for (int i = 0; i < 17; i++)
        {
            last = gdb.Ask($"vFile:open:{Own},0,0");
        }

        Assert.Equal("F-1,18", last);
        Assert.Equal("F0", gdb.Ask("vFile:close:5"));
        Assert.Equal("F5", gdb.Ask($"vFile:open:{Own},0,0"));
        Assert.Equal("F-1,9", gdb.Ask("vFile:close:7fffffff"));
    }
}
