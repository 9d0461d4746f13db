namespace KgdbSim.Gdb.Tests;

/// <summary>Where things are in the tree that these tests were built in.</summary>
internal static class Paths
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The program, built in the same configuration as these tests.</summary>
    public static string Program { get; } = Path.Combine(Root, "Stub", "Cli", "bin", Configuration, "net10.0", "kgdbsim");

    /// <summary>The scripts that run inside gdb.</summary>
    public static string Scripts { get; } = Path.Combine(Root, "tests", "KgdbSim.Gdb.Tests", "Scripts");

    /// <summary>The sources of guests for these tests.</summary>
    public static string Guests { get; } = Path.Combine(Root, "tests", "KgdbSim.Gdb.Tests", "Guests");

    /// <summary>Start-up code and linker script that all guests in C share.</summary>
    public static string GuestSupport { get; } = Path.Combine(Root, "tests", "guests");

    /// <summary>The folder these tests run from.</summary>
    private static string Output => AppContext.BaseDirectory;

    private static string Configuration =>
        Output.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string FindRoot()
    {
        string folder = Output;
        while (!File.Exists(Path.Combine(folder, "KgdbSim.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"no KgdbSim.sln above {Output}");
        }

        return folder;
    }
}
