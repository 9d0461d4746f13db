namespace KgdbSim.Target.Vectors;

/// <summary>Which vectors of the files are run, and how much is told of those that fail.</summary>
internal sealed record VectorOptions
{
    /// <summary>Most vectors to run.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>Only instructions of this name; with or without its size suffix; null: all.</summary>
    public string? Only { get; init; }

    /// <summary>Tags to leave out.</summary>
    public IReadOnlyList<string> SkipTags { get; init; } = [];

    /// <summary>Most mismatches printed.</summary>
    public int MismatchesMax { get; init; } = 50;

    public bool Takes(string name, string? tag)
    {
        if (tag != null && SkipTags.Contains(tag, StringComparer.Ordinal))
        {
            return false;
        }

        return Only == null
            || name == Only
            || (name.StartsWith(Only, StringComparison.Ordinal) && name[Only.Length] == '.');
    }
}
