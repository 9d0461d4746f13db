using System.Runtime.InteropServices;

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

    public void Add(VectorCount other)
    {
        Passed += other.Passed;
        Failed += other.Failed;
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

    private readonly Dictionary<string, VectorCount> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VectorCount> _apart = new(StringComparer.Ordinal);
    private VectorCount _total;

    public VectorCount Total => _total;

    /// <summary>Counts by instruction, those judged apart not included, in no order.</summary>
    public IReadOnlyDictionary<string, VectorCount> ByName => _byName;

    /// <summary>Counts by tag of those judged apart, in no order.</summary>
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

    /// <summary>Adds another run's counts.</summary>
    public void Add(VectorTally other)
    {
        _total.Add(other._total);
        Sum(_byName, other._byName);
        Sum(_apart, other._apart);
    }

    private static void Sum(Dictionary<string, VectorCount> counts, Dictionary<string, VectorCount> others)
    {
        foreach ((string key, VectorCount count) in others)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _).Add(count);
        }
    }

    private static void Count(Dictionary<string, VectorCount> counts, string key, bool passed) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _).Add(passed);
}
