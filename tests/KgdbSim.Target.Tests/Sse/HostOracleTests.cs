using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>Leaves against the same instruction on the CPU the tests run on, where that is an x86.</summary>
public sealed class HostOracleTests(ITestOutputHelper output)
{
    private const int RoundCount = 3000;

    public static TheoryData<string> Names() => [.. HostOracleRows.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Leaf_agrees_with_the_host(string name)
    {
        HostOracleRow row = HostOracleRows.All.Single(candidate => candidate.Name == name);
        var samples = new VectorSamples();
        output.WriteLine(row.Supported
            ? $"seed {samples.Seed}, {RoundCount} rounds"
            : $"{name}: this host's CPU does not have the instruction; there is nothing to compare with here");
        for (int round = 0; row.Supported && round < RoundCount; round++)
        {
            Vector128<byte> a = samples.NextVector(), b = samples.NextVector(), m = samples.NextVector();
            byte c = (byte)round;
            Vector128<byte> expected = row.Host(a, b, m, c);
            Vector128<byte> actual = row.Leaf(a, b, m, c);
            Assert.True(expected == actual,
                $"{name} a={a} b={b} mask={m} control={c:x2}: host {expected}, leaf {actual}. "
                + samples.Reproduce(nameof(Leaf_agrees_with_the_host)));
        }
    }

    [Fact]
    public void Says_whether_the_host_can_serve_as_an_oracle()
    {
        output.WriteLine(Sse42.IsSupported
            ? "host is an x86 with SSE4.2: leaves are compared with it"
            : "host is not an x86 with SSE4.2: leaves are checked against the manual and the recorded vectors only");
        Assert.Equal(Sse42.IsSupported, HostOracleRows.All.Any(row => row.Name == "pcmpgtq" && row.Supported));
    }
}
