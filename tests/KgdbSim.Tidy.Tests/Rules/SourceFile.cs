using KgdbSim.Testing;

namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>A text file of the repository, or a made-up one that a rule must object to.</summary>
/// <param name="Path">Relative to the repository's root, with slashes.</param>
public sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    public string[] Lines { get; } = Text.Split('\n');

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>All C# files of the tree that somebody wrote.</summary>
    public static IReadOnlyList<SourceFile> AllCSharp { get; } = [.. Find("*.cs")];

    /// <summary>Everything that somebody wrote and that is text.</summary>
    public static IReadOnlyList<SourceFile> AllText { get; } =
    [
        .. Find("*.cs"), .. Find("*.md"), .. Find("*.csproj"), .. Find("*.props"), .. Find("*.py"), .. Find("*.c"), .. Find("*.gdb"),
        .. Scripts(),
    ];

    private static IEnumerable<SourceFile> Find(string pattern) =>
        Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => (Full: f, Relative: System.IO.Path.GetRelativePath(Repository.Root, f).Replace('\\', '/')))
            .Where(f => !f.Relative.Split('/').Any(part => Generated.Contains(part) || part == ".git"))
            .Select(f => new SourceFile(f.Relative, File.ReadAllText(f.Full)));

    private static IEnumerable<SourceFile> Scripts() =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "scripts")).Order(StringComparer.Ordinal)
            .Append(System.IO.Path.Combine(Repository.Root, ".ci", "run"))
            .Append(System.IO.Path.Combine(Repository.Root, "gdbinit"))
            .Select(f => new SourceFile(System.IO.Path.GetRelativePath(Repository.Root, f), File.ReadAllText(f)));
}
