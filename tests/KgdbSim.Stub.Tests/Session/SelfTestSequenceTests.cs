using System.Buffers.Binary;
using System.Globalization;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Session;

/// <summary>
/// The sequences of kgdb's own test driver (drivers/misc/kgdbts.c; spec/kgdb.md, 11) against the default face, which answers them without
/// kgdb's lies: an int3 is reported where it stands, and after a step no CPU but the stepped one has moved on.
/// </summary>
public sealed class SelfTestSequenceTests
{
    /// <summary>Beyond everything that the guest maps.</summary>
    private const ulong Nowhere = 0x7000_0000_0000;

    public static TheoryData<string> Kernels => ["6.1", "2.6.35", "2.6.33"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Plant_and_detach(string kernel)
    {
        using KernelSession gdb = Begin(kernel);
        string text = Text(gdb);
        Assert.Equal("OK", gdb.Point("Z0", KernelSession.Behind, 1));
        Assert.Equal("OK", gdb.Driver.Ask("D"));

        SessionDriver again = new SessionDriver(new MachineControl(gdb.Target)).Negotiated();
        Assert.StartsWith("T05", again.Ask("?"), StringComparison.Ordinal);
        Assert.Equal(text, again.Ask(string.Create(CultureInfo.InvariantCulture, $"m{KernelSession.Behind:x},8")));
        Assert.Empty(again.AskAll("vCont;c", 20));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Software_breakpoint(string kernel)
    {
        using KernelSession gdb = Begin(kernel);
        string text = Text(gdb);
        Assert.Equal("OK", gdb.Point("Z0", KernelSession.Behind, 1));
        Assert.StartsWith("T05", gdb.Continue(), StringComparison.Ordinal);
        Assert.Equal(KernelSession.Behind, Place(gdb));
        Assert.Equal(text, Text(gdb));
        Assert.Equal("OK", gdb.Driver.Ask("G" + gdb.Driver.Ask("g")));
        Assert.Equal("OK", gdb.Point("z0", KernelSession.Behind, 1));
        Step(gdb);
        Assert.NotEqual(KernelSession.Behind, Place(gdb));
        Assert.Equal("OK", gdb.Driver.Ask("D"));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Bad_read(string kernel)
    {
        using KernelSession gdb = Begin(kernel);
        for (int length = 1; length <= 8; length++)
        {
            Assert.StartsWith("E", gdb.Driver.Ask(string.Create(CultureInfo.InvariantCulture, $"m{Nowhere:x},{length}")), StringComparison.Ordinal);
        }

        Assert.Equal("OK", gdb.Driver.Ask("D"));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Single_step_a_thousand_times(string kernel)
    {
        using KernelSession gdb = Begin(kernel);
        Assert.Equal("OK", gdb.Point("Z0", KernelSession.Behind, 1));
        gdb.Continue();
        Assert.Equal("OK", gdb.Point("z0", KernelSession.Behind, 1));
        ulong place = Place(gdb);
        ulong count = Counted(gdb);
        string thread = gdb.Driver.Ask("qC");
        for (int i = 0; i < 1000; i++)
        {
            Step(gdb);
            ulong next = Place(gdb);
            Assert.True(next != place, $"{kernel}: step {i} stays at {place:x}");
            place = next;
        }

        // Three instructions in a circle, one of them counts; the CPU goes round alone.
        Assert.Equal(thread, gdb.Driver.Ask("qC"));
        Assert.InRange(Counted(gdb) - count, 333ul, 334ul);
        Assert.Equal("OK", gdb.Driver.Ask("D"));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Hardware_breakpoint(string kernel)
    {
        using KernelSession gdb = Begin(kernel);
        Assert.Equal("OK", gdb.Point("Z1", KernelSession.Behind, 1));
        Assert.StartsWith("T05", gdb.Continue(), StringComparison.Ordinal);
        Assert.Equal(KernelSession.Behind, Place(gdb));
        Assert.Equal("OK", gdb.Point("z1", KernelSession.Behind, 1));
        Assert.Equal("OK", gdb.Driver.Ask("D"));
    }

    [Theory]
    [InlineData("6.1", "2")]
    [InlineData("6.1", "4")]
    [InlineData("2.6.35", "2")]
    [InlineData("2.6.35", "4")]
    [InlineData("2.6.33", "2")]
    [InlineData("2.6.33", "4")]
    public void Write_and_access_watch(string kernel, string type)
    {
        using KernelSession gdb = Begin(kernel);
        Assert.Equal("OK", gdb.Point("Z" + type, KernelSession.Counter, 8));
        string stop = gdb.Continue();
        Assert.Contains(type == "2" ? "watch:" : "awatch:", stop, StringComparison.Ordinal);
        Assert.Equal(KernelSession.Behind, Place(gdb));
        Assert.Equal("OK", gdb.Point("z" + type, KernelSession.Counter, 8));
        Assert.Equal("OK", gdb.Driver.Ask("D"));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Roundup(string kernel)
    {
        using KernelSession gdb = Begin(kernel);
        for (int i = 0; i < 20; i++)
        {
            Assert.StartsWith("T0", gdb.RunFor(2), StringComparison.Ordinal);
            for (int thread = 1; thread <= 3; thread++)
            {
                Assert.Equal("OK", gdb.Driver.Ask($"Hgp1.{thread}"));
                Assert.InRange(Place(gdb), KernelSession.Behind - 16, KernelSession.Behind + 16);
            }
        }
    }

    private static KernelSession Begin(string kernel)
    {
        KernelSession gdb = new(kernel);
        Assert.StartsWith("T05", gdb.Driver.Ask("?"), StringComparison.Ordinal);
        return gdb;
    }

    private static void Step(KernelSession gdb)
    {
        string thread = gdb.Driver.Ask("qC")["QC".Length..];
        Assert.StartsWith("T05", gdb.Driver.Ask("vCont;s:" + thread, 100), StringComparison.Ordinal);
    }

    private static string Text(KernelSession gdb) =>
        gdb.Driver.Ask(string.Create(CultureInfo.InvariantCulture, $"m{KernelSession.Behind:x},8"));

    private static ulong Place(KernelSession gdb) => Number(gdb.Driver.Ask("p10"));

    private static ulong Counted(KernelSession gdb) =>
        Number(gdb.Driver.Ask(string.Create(CultureInfo.InvariantCulture, $"m{KernelSession.Counter:x},8")));

    private static ulong Number(string digits) => BinaryPrimitives.ReadUInt64LittleEndian(Convert.FromHexString(digits));
}
