using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Testing;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>The README's table of the two faces is the program's.</summary>
public sealed class ReadmeDifferencesTests
{
    [Fact]
    public void The_readme_lists_each_difference_with_its_reason()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));
        string[] listed = [.. lines.Where(static line => line.StartsWith("| KD-", StringComparison.Ordinal))];
        string[] expected =
        [
            .. KgdbDefectTable.All.Select(static row => $"| {row.Id} | {row.Faithful} | {row.Reason} | {row.Modern} |"),
        ];
        Assert.Equal(expected, listed);
    }
}
