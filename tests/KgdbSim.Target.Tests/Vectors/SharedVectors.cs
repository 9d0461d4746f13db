namespace KgdbSim.Target.Tests.Vectors;

/// <summary>Finds the recordings: a sample is embedded in this assembly; the whole ones may lie beside the repository.</summary>
internal static class SharedVectors
{
    public static Stream Sample() =>
        typeof(SharedVectors).Assembly.GetManifestResourceStream("Vectors.IntegerSample.jsonl.gz")
        ?? throw new InvalidOperationException("the sample of recorded vectors is not embedded in this assembly");

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
