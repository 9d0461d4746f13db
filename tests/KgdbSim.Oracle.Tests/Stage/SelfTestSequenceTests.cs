using System.Globalization;
using KgdbSim.Oracle.Tests.Fakes;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Stage;

/// <summary>
/// The sequences of the kernel's own test driver, which plays gdb from inside (drivers/misc/kgdbts.c; spec/kgdb.md, 11): what it sends, and what it
/// accepts.
/// </summary>
public sealed class SelfTestSequenceTests
{
    [Fact]
    public void Plant_and_detach()
    {
        using var bench = Begin();
        Assert.Equal("OK", bench.Ask($"Z0,{bench.Address("bp_target")},1"));
        Assert.Equal("OK", bench.Ask("D"));
        Assert.Equal("", bench.Type("run 2 1 bp"));
    }

    [Fact]
    public void Software_breakpoint()
    {
        using var bench = Begin();
        Assert.Equal("OK", bench.Ask($"Z0,{bench.Address("bp_target")},1"));
        bench.Ask("c");
        Assert.StartsWith("T0", bench.Type("run 2 1 bp"), StringComparison.Ordinal);
        string image = bench.Ask("g");
        Assert.Equal(bench.Layout.Function("bp_target") + 1, Place(image));
        Assert.Equal("OK", bench.Ask("G" + Rewind(image, bench.Layout.Function("bp_target"))));
        Assert.Equal("OK", bench.Ask($"z0,{bench.Address("bp_target")},1"));
        Assert.Equal("OK", bench.Ask("D"));
        Assert.StartsWith("T05", Again(bench), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_read()
    {
        using var bench = Begin();
        for (int length = 1; length <= 8; length++)
        {
            Assert.StartsWith("E", bench.Ask($"m0,{length}"), StringComparison.Ordinal);
        }

        Assert.Equal("OK", bench.Ask("D"));
    }

    [Fact]
    public void Single_step_a_thousand_times()
    {
        using var bench = Begin();
        Assert.Equal("OK", bench.Ask($"Z0,{bench.Address("bp_target")},1"));
        bench.Ask("c");
        string stop = bench.Type("run 2 1 bp");
        Assert.Equal("OK", bench.Ask($"z0,{bench.Address("bp_target")},1"));
        Assert.Equal("OK", bench.Ask("G" + Rewind(bench.Ask("g"), bench.Layout.Function("bp_target"))));
        ulong place = bench.Layout.Function("bp_target");
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(stop, bench.Ask("s"));
            ulong next = Place(bench.Ask("g"));
            Assert.True(next != place, $"step {i} stays at {place:x}");
            place = next;
        }

        Assert.Equal("OK", bench.Ask("D"));
        Assert.StartsWith("T05", Again(bench), StringComparison.Ordinal);
    }

    [Fact]
    public void Hardware_breakpoint()
    {
        using var bench = Begin();
        Assert.Equal("OK", bench.Ask($"Z1,{bench.Address("bp_target")},1"));
        bench.Ask("c");
        Assert.StartsWith("T0", bench.Type("run 2 1 bp"), StringComparison.Ordinal);
        Assert.Equal(bench.Layout.Function("bp_target"), Place(bench.Ask("g")));
        Assert.Equal("OK", bench.Ask($"z1,{bench.Address("bp_target")},1"));
        Assert.Equal("OK", bench.Ask("D"));
    }

    [Theory]
    [InlineData("Z2", "inc4 0")]
    [InlineData("Z4", "rd4 0")]
    public void Watches(string kind, string run)
    {
        using var bench = Begin();
        Assert.Equal("OK", bench.Ask($"{kind},{bench.Buffer()},4"));
        bench.Ask("c");
        Assert.StartsWith("T0", bench.Type($"run 2 1 {run}"), StringComparison.Ordinal);
        Assert.Equal("OK", bench.Ask($"z{kind[1..]},{bench.Buffer()},4"));
        Assert.Equal("OK", bench.Ask("D"));
    }

    [Fact]
    public void Nmi_roundup()
    {
        using var bench = Begin();
        for (int i = 0; i < 20; i++)
        {
            bench.Ask("c");
            string cpu = (i % 4).ToString(CultureInfo.InvariantCulture);
            Assert.StartsWith("T05", bench.Type($"sysrq {cpu} g"), StringComparison.Ordinal);
            Assert.Equal("OK OK OK OK", string.Join(' ', Enumerable.Range(0, 4).Select(other => bench.Ask($"Hg{-other - 2:x8}"))));
        }
    }

    private static StageBench Begin()
    {
        var bench = new StageBench();
        bench.Type("sysrq 1 g");
        Assert.StartsWith("S0", bench.Ask("?"), StringComparison.Ordinal);
        return bench;
    }

    // Nobody is told of a stop before somebody asks; a $ that is no packet is enough.
    private static string Again(StageBench bench)
    {
        bench.Type("sysrq 3 g");
        bench.Ask("?");
        bench.Ask("c");
        return bench.Type("sysrq 3 g");
    }

    private static ulong Place(string image) =>
        RegisterExpectation.Value(Convert.FromHexString(image), RegisterNumber.InstructionPointer);

    private static string Rewind(string image, ulong place)
    {
        byte[] bytes = Convert.FromHexString(image);
        BitConverter.TryWriteBytes(bytes.AsSpan(RegisterNumber.Offset(RegisterNumber.InstructionPointer)), place);
        return Convert.ToHexStringLower(bytes);
    }
}
