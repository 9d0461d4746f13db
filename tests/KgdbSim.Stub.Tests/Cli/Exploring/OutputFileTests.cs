using KgdbSim.Cli;
using KgdbSim.Cli.Exploring;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class OutputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kgdbsim-output").FullName;

    private string Path => System.IO.Path.Combine(_folder, "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replacing_leaves_one_file_and_follows_links()
    {
        string link = Path + ".link";
        File.WriteAllText(Path, "old");
        File.CreateSymbolicLink(link, Path);
        OutputFile.Replace(link, "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(Path));
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_link_is_written_through()
    {
        string link = Path + ".link";
        File.WriteAllText(Path, "old");
        File.CreateSymbolicLink(link, Path);
        OutputFile.Write(link, "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(Path));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void What_cannot_be_written_is_known_before_and_named_after()
    {
        Assert.Contains("it is a folder", Assert.Throws<UsageException>(() => OutputFile.Check(_folder)).Message);
        Assert.Contains("there is no folder", Assert.Throws<UsageException>(() => OutputFile.Check(Path + "/x/y")).Message);
        Assert.StartsWith($"cannot write {_folder}", Assert.Throws<UsageException>(() => OutputFile.Write(_folder, [])).Message);
    }
}
