using System.Xml.Linq;
using KgdbSim.Testing;

namespace KgdbSim.Tidy.Tests;

/// <summary>The arrows between projects: Protocol and Target know nobody, Stub knows both, the command line knows Stub.</summary>
public sealed class ProjectReferenceTests
{
    [Theory]
    [InlineData("Protocol/KgdbSim.Protocol.csproj", "")]
    [InlineData("Target/KgdbSim.Target.csproj", "")]
    [InlineData("Stub/KgdbSim.Stub.csproj", "KgdbSim.Protocol KgdbSim.Target")]
    [InlineData("Stub/Cli/KgdbSim.Cli.csproj", "KgdbSim.Stub")]
    public void References_are_these_and_no_others(string project, string expected) =>
        Assert.Equal(expected, string.Join(' ', References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Order()));

    [Theory]
    [InlineData("Protocol/KgdbSim.Protocol.csproj", "")]
    [InlineData("Target/KgdbSim.Target.csproj", "Iced")]
    [InlineData("Stub/KgdbSim.Stub.csproj", "")]
    [InlineData("Stub/Cli/KgdbSim.Cli.csproj", "Spectre.Console System.CommandLine")]
    public void Packages_are_these_and_no_others(string project, string expected) =>
        Assert.Equal(expected, string.Join(' ', References(project, "PackageReference").Order()));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(kind).Select(r => r.Attribute("Include")!.Value);
}
