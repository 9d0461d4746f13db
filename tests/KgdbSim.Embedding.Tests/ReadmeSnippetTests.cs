using System.Runtime.CompilerServices;

namespace KgdbSim.Embedding.Tests;

public sealed class ReadmeSnippetTests
{
    [Fact]
    public void The_example_in_the_readme_does_what_it_says() =>
        Assert.Matches(@"^CPU 0: Watchpoint, 1 steps, state [0-9a-f]{16}, gdb at 127\.0\.0\.1:\d+$", ReadmeSnippet.Run());

    [Fact]
    public void The_readme_shows_the_code_that_is_compiled_here()
    {
        string source = File.ReadAllText(Path.Combine(Folder(), "ReadmeSnippet.cs"));
        int start = source.IndexOf("    {\n", StringComparison.Ordinal) + 6;
        string body = source[start..source.IndexOf("\n    }", StringComparison.Ordinal)].Replace("\n        ", "\n", StringComparison.Ordinal).TrimStart();
        string readme = File.ReadAllText(Path.Combine(Folder(), "..", "..", "README.md"));
        Assert.Contains(body, readme, StringComparison.Ordinal);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
