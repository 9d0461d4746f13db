using KgdbSim.Cli.Exploring;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class NearestNamesTests
{
    [Theory]
    [InlineData("kittens", "sitting kitten mitten", "kitten mitten sitting")]
    [InlineData("hb-70", "HB-07 KP-08 HB-01", "HB-07 HB-01 KP-08")]
    [InlineData("xyzzy", "HB KP", "")]
    [InlineData("", "HB KP", "")]
    [InlineData("a", "a b c d", "a")]
    public void The_nearest_come_first(string mistyped, string names, string expected) =>
        Assert.Equal(expected, string.Join(' ', NearestNames.Of(mistyped, names.Split(' '))));
}
