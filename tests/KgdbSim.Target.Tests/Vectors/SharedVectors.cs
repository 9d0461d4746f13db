namespace KgdbSim.Target.Tests.Vectors;

/// <summary>Finds the recordings: samples are embedded in this assembly; the whole ones may lie beside the repository.</summary>
internal static class SharedVectors
{
    /// <summary>A recording that is embedded in this assembly.</summary>
    public static Stream Sample(string name = "Vectors.IntegerSample.jsonl.gz") =>
        typeof(SharedVectors).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"the recorded vectors {name} are not embedded in this assembly");

    /// <summary>The file in shared/vectors beside any folder above this assembly, or null.</summary>
    public static string? Find(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "vectors", name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
