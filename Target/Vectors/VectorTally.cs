namespace KgdbSim.Target.Vectors;

/// <summary>Counts of passed and failed vectors.</summary>
internal struct VectorCount
{
    public long Passed;
    public long Failed;

    public void Add(bool passed)
    {
        if (passed)
        {
            Passed++;
        }
        else
        {
            Failed++;
        }
    }
}

/// <summary>What a run of vectors came to: in all, by instruction, and by tag for those that are judged apart.</summary>
internal sealed class VectorTally
{
    /// <summary>
    /// Tags whose records say what this implementation, operating system or emulator did rather than what the
    /// architecture demands: counted apart, never in <see cref="Total"/>.
    /// </summary>
    private static readonly string[] ApartTags =
        ["alias", "arch", "impl", "os", "shadow", "vendor", "undefined", "drop"];

    private readonly SortedDictionary<string, VectorCount> _byName = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, VectorCount> _apart = new(StringComparer.Ordinal);
    private VectorCount _total;

    public VectorCount Total => _total;

    /// <summary>Counts by instruction, those judged apart not included.</summary>
    public IReadOnlyDictionary<string, VectorCount> ByName => _byName;

    /// <summary>Counts by tag of those judged apart.</summary>
    public IReadOnlyDictionary<string, VectorCount> Apart => _apart;

    public static bool IsApart(string? tag) => tag != null && Array.IndexOf(ApartTags, tag) >= 0;

    public void Add(string name, string? tag, bool passed)
    {
        if (IsApart(tag))
        {
            Count(_apart, tag!, passed);
            return;
        }

        _total.Add(passed);
        Count(_byName, name, passed);
    }

    private static void Count(SortedDictionary<string, VectorCount> counts, string key, bool passed)
    {
        counts.TryGetValue(key, out VectorCount count);
        count.Add(passed);
        counts[key] = count;
    }
}
