using KgdbSim.Differential.Tests.Runs;
using KgdbSim.Differential.Tests.Snippets;
using Xunit.Abstractions;

namespace KgdbSim.Differential.Tests.Host;

/// <summary>The harness by itself: what it says of instructions whose outcome any manual tells.</summary>
public sealed class HostCpuTests(LiveOracle oracle, ITestOutputHelper output) : IClassFixture<LiveOracle>
{
    public static TheoryData<string> Known() =>
    [
        "4801d8 rax=7fffffffffffffff rbx=1 => trap=3 error=0 cr2=0 rip=40000104 flags=a96 rax=8000000000000000",
        "488903 rbx=50003000 => trap=14 error=7 cr2=50003000 flags=10202",
        "f7f1 => trap=0 error=0 cr2=0 flags=10202",
        "0f0b => trap=6 error=0 cr2=0 flags=10202",
        "f4 => trap=13 error=0 cr2=0 flags=10202",
        "cd05 => trap=13 error=2a cr2=0 flags=10202",
        "90 flags=302 => trap=1 error=0 cr2=0 rip=40000101",
        "8b03 flags=40202 rbx=50000001 => trap=17 error=0 cr2=0 flags=50202",
        "0f5ec1 mxcsr=1d80 x0=0000803f => trap=19 error=0 cr2=0 flags=10202 mxcsr=1d85",
        "ebfe => endless",
        "0f05 rax=27 => systemcall rip=40000102 rcx=40000102 r11=202",
    ];

    [Theory]
    [MemberData(nameof(Known))]
    public void Runs_a_snippet(string line)
    {
        if (oracle.Host == null)
        {
            output.WriteLine($"NOT COMPARED WITH A HOST CPU: {oracle.Reason}");
            Assert.NotEmpty(oracle.Reason);
            return;
        }

        var parsed = CorpusLine.Parse(line);
        var outcome = new Outcome();
        oracle.Host.Run([parsed.Snippet], [outcome]);
        Assert.Equal(line, CorpusLine.Write(parsed.Snippet, outcome));
    }

    [Fact]
    public void A_wrong_expectation_is_a_disagreement()
    {
        var right = CorpusLine.Parse("4801d8 rax=1 rbx=2 => trap=3 error=0 cr2=0 rip=40000104 flags=206 rax=3");
        var wrong = CorpusLine.Parse("4801d8 rax=1 rbx=2 => trap=3 error=0 cr2=0 rip=40000104 flags=206 rax=4");

        Assert.Null(oracle.Bench.Judge(right.Snippet, right.Expected));
        Disagreement? found = oracle.Bench.Judge(wrong.Snippet, wrong.Expected);
        Assert.Equal("Add_rm64_r64: gpr", found?.Signature);
    }
}
