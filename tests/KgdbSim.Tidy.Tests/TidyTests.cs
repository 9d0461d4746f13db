using KgdbSim.Testing;
using KgdbSim.Tidy.Tests.Rules;

namespace KgdbSim.Tidy.Tests;

/// <summary>Style rules as tests: each is run over the tree, and each must object to a sample made for it.</summary>
public sealed class TidyTests
{
    public static TheoryData<string> FileRules => new(Rules.Keys);

    private static Dictionary<string, Func<SourceFile, IEnumerable<string>>> Rules { get; } = new()
    {
        ["layers"] = Layers.Check,
        ["limits"] = Limits.Check,
        ["words"] = Words.Check,
        ["globals"] = Globals.Check,
        ["skips"] = Skips.Check,
    };

    /// <summary>For each rule a file that breaks it.</summary>
    private static Dictionary<string, SourceFile[]> Canaries { get; } = new()
    {
        ["layers"] =
        [
            new("Target/Memory/Bad.cs", "using KgdbSim.Target.Cpu;"),
            new("Target/Kernel/Bad.cs", "KgdbSim.Target.Exploration.Explorer explorer;"),
            new("Target/Nowhere/Bad.cs", ""),
        ],
        ["limits"] =
        [
            new("Bad.cs", new string('\n', Limits.FileLinesMax + 1)),
            new("Bad.cs", new string('x', Limits.LineColumnsMax + 1)),
            new("Bad.cs", "    void F()\n    {\n" + string.Concat(Enumerable.Repeat("        x++;\n", Limits.MethodLinesMax + 1)) + "    }\n"),
        ],
        ["words"] =
        [
            new("Bad.cs", "// TODO later"),
            new("Bad.cs", "throw new NotImplementedException();"),
            new("Bad.cs", "#region Hidden"),
            new("scripts/bad", "cd /root/src"),
        ],
        ["globals"] =
        [
            new("Target/Bad.cs", "    private static int _count;"),
            new("Target/Bad.cs", "    public static List<int> All = [];"),
        ],
        ["skips"] = [new("tests/Bad.cs", "[Fact(Skip = \"flaky\")]")],
    };

    [Theory]
    [MemberData(nameof(FileRules))]
    public void The_tree_keeps_the_rule(string rule)
    {
        IReadOnlyList<SourceFile> files = rule == "words" ? SourceFile.AllText : SourceFile.AllCSharp;
        Assert.NotEmpty(files);
        Expect(files.SelectMany(Rules[rule]));
    }

    [Theory]
    [MemberData(nameof(FileRules))]
    public void The_rule_bites(string rule) =>
        Assert.All(Canaries[rule], sample => Assert.NotEmpty(Rules[rule](sample)));

    [Fact]
    public void Every_source_file_is_used() => Expect(DeadFiles.Check(SourceFile.AllCSharp));

    [Fact]
    public void The_rule_of_dead_files_bites()
    {
        SourceFile used = new("Target/A.cs", "class Used;");
        SourceFile user = new("Target/B.cs", "class User { Used x; }");
        Assert.Equal(["Target/B.cs: nobody uses User"], DeadFiles.Check([used, user]));
    }

    [Fact]
    public void The_readme_shows_the_tree_as_it_is()
    {
        IReadOnlySet<string> named = ReadmeTree.Parse(File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
        Assert.NotEmpty(named);
        HashSet<string> there = [.. SourceFile.AllText.Select(f => f.Path).SelectMany(Entries)];
        foreach (string name in new[] { "LICENSE", "KgdbSim.sln", ".gitignore", ".editorconfig", "global.json", "BannedSymbols.txt" })
        {
            there.Add(name);
        }

        Assert.Equal(there.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_parser_of_the_tree_sees_what_is_missing() =>
        Assert.Equal(
            ["A", "A/B", "c.md"],
            ReadmeTree.Parse("<!-- tree -->\n```\nA/          first\n  B/        second\nc.md\n```").Order(StringComparer.Ordinal));

    private static void Expect(IEnumerable<string> complaints)
    {
        string all = string.Join('\n', complaints);
        Assert.True(all.Length == 0, all);
    }

    // Top-level entries, and one level of folders below those that hold code.
    private static IEnumerable<string> Entries(string path)
    {
        string[] parts = path.Split('/');
        yield return parts[0];
        if (parts.Length > 2 && parts[0] is "Protocol" or "Target" or "Stub" or "tests" && parts.Length > 2)
        {
            yield return $"{parts[0]}/{parts[1]}";
        }
    }
}
