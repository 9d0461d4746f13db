namespace KgdbSim.Testing;

/// <summary>Where the source tree is that the running tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of KgdbSim.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "KgdbSim.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below KgdbSim.sln");
        }

        return folder;
    }
}
