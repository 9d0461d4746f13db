using System.Text;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Vectors;

namespace KgdbSim.Target.Tests.Vectors;

/// <summary>Judging vectors: what counts as a mismatch, how it is told, and what is counted where.</summary>
public sealed class VectorRunnerTests
{
    private const string Registers =
        """["1","2","3","4","50000ff8","6","7","8","9","a","b","c","d","e","f","10"]""";

    // ADD RAX, RCX.
    private const string Right =
        $$$$"""{"id":1,"n":"add.q","b":"4801c8","rip":"40000100","fl":"202","r":{{{{Registers}}}},"m":["50000fe0","00"],"o":{"rip":"40000103","fl":"206","r":{"0":"3"}}}""";

    [Fact]
    public void A_vector_that_agrees_says_nothing()
    {
        (VectorTally tally, string text) = Run(Right);
        Assert.Equal((1L, 0L), (tally.Total.Passed, tally.Total.Failed));
        Assert.Empty(text);
    }

    [Theory]
    [InlineData("\"0\":\"3\"", "\"0\":\"4\"", "rax: expected 4, got 3")]
    [InlineData("\"fl\":\"206\"", "\"fl\":\"207\"", "flags: expected 207 CF PF IF, got 206 PF IF")]
    [InlineData("\"rip\":\"40000103\"", "\"rip\":\"40000104\"", "rip: expected 40000104, got 40000103")]
    [InlineData("\"r\":{\"0\":\"3\"}", "\"r\":{\"0\":\"3\"},\"m\":\"01\"", "memory from 50000fe0:")]
    [InlineData("\"o\":{", "\"o\":{\"exc\":{\"v\":14,\"e\":4,\"cr2\":\"77\"},", "expected vector 14 (error 4, CR2 77), got completion")]
    public void Every_difference_is_told(string from, string to, string expected)
    {
        (VectorTally tally, string text) = Run(Right.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(1, tally.Total.Failed);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains("vector 1 add.q: add rax,rcx", text, StringComparison.Ordinal);
        Assert.DoesNotContain("diverge", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_undefined_is_not_compared()
    {
        string wrong = Right
            .Replace("\"fl\":\"206\"", "\"fl\":\"202\"", StringComparison.Ordinal)
            .Replace("\"0\":\"3\"", "\"0\":\"77\"", StringComparison.Ordinal);
        string masked = wrong.Replace("\"o\":", "\"u\":{\"fl\":\"4\",\"r\":\"1\"},\"o\":", StringComparison.Ordinal);
        Assert.Equal(1, Run(masked).Tally.Total.Passed);
        Assert.Equal(1, Run(wrong).Tally.Total.Failed);
    }

    [Fact]
    public void The_alias_and_arch_tags_are_judged_apart_and_amd_is_not()
    {
        string Tagged(string tag) => Right.Replace("\"id\"", $"\"tag\":\"{tag}\",\"id\"", StringComparison.Ordinal);
        VectorTally tally = Run($"{Tagged("alias")}\n{Tagged("arch")}\n{Tagged("amd")}").Tally;
        Assert.Equal(1, tally.Total.Passed);
        Assert.Equal(["alias", "arch"], tally.Apart.Keys);
    }

    [Fact]
    public void The_limit_names_and_tags_choose()
    {
        string tagged = Right.Replace("\"id\"", "\"tag\":\"amd\",\"id\"", StringComparison.Ordinal);
        string all = $"{Right}\n{tagged}\n{Right.Replace("add.q", "sub.q", StringComparison.Ordinal)}";
        Assert.Equal(3, Run(all).Tally.Total.Passed);
        Assert.Equal(2, Run(all, new VectorOptions { Limit = 2 }).Tally.Total.Passed);
        Assert.Equal(1, Run(all, new VectorOptions { Only = "sub" }).Tally.Total.Passed);
        Assert.Equal(2, Run(all, new VectorOptions { Only = "add.q" }).Tally.Total.Passed);
        Assert.Equal(0, Run(all, new VectorOptions { Only = "ad" }).Tally.Total.Passed);
        Assert.Equal(2, Run(all, new VectorOptions { SkipTags = ["amd"] }).Tally.Total.Passed);
    }

    [Fact]
    public void The_report_ends_with_the_sum()
    {
        VectorTally tally = Run($"{Right}\n{Right.Replace("\"0\":\"3\"", "\"0\":\"4\"", StringComparison.Ordinal)}").Tally;
        var output = new StringWriter();
        VectorReport.Write(tally, output);
        string[] lines = output.ToString().Trim().Split('\n');
        Assert.Equal("add.q 1 FAILED 1", lines[0].Trim());
        Assert.Equal("1 passed, 1 failed", lines[^1].Trim());
    }

    private static (VectorTally Tally, string Text) Run(string lines, VectorOptions? options = null)
    {
        var output = new StringWriter();
        using var runner = new VectorRunner(new InstructionTable(), options ?? new VectorOptions(), output);
        using var reader = new VectorReader(new MemoryStream(Encoding.UTF8.GetBytes(lines)));
        runner.RunAll(reader);
        return (runner.Tally, output.ToString());
    }
}
