using System.Collections.Immutable;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>
/// Features put one behind the other: every register gets its number and its place in the <c>g</c> packet.
/// </summary>
public sealed class RegisterSet
{
    private readonly ImmutableDictionary<string, RegisterDescription> _byName;

    /// <summary>Numbers the registers of <paramref name="features"/> in order.</summary>
    /// <exception cref="ArgumentException">Two registers have the same name.</exception>
    public RegisterSet(params ImmutableArray<RegisterFeature> features)
    {
        Features = features;
        ImmutableArray<RegisterDescription>.Builder all = ImmutableArray.CreateBuilder<RegisterDescription>();
        foreach (RegisterRow row in features.SelectMany(static feature => feature.Registers))
        {
            all.Add(new RegisterDescription(row.Name, all.Count, row.BitSize, row.Type, row.Group, Size));
            Size += row.BitSize / 8;
        }

        All = all.ToImmutable();
        _byName = All.ToImmutableDictionary(static register => register.Name, StringComparer.Ordinal);
    }

    /// <summary>The features, in order.</summary>
    public ImmutableArray<RegisterFeature> Features { get; }

    /// <summary>All registers; the index is the number.</summary>
    public ImmutableArray<RegisterDescription> All { get; }

    /// <summary>The length of all registers together, in bytes. A <c>g</c> reply may stop earlier.</summary>
    public int Size { get; }

    /// <summary>The register of that name, or <c>null</c>.</summary>
    public RegisterDescription? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The registers of one feature, or none if the set lacks it.</summary>
    public ImmutableArray<RegisterDescription> InFeature(string featureName)
    {
        int start = 0;
        foreach (RegisterFeature feature in Features)
        {
            if (feature.Name == featureName)
            {
                return All.Slice(start, feature.Registers.Length);
            }

            start += feature.Registers.Length;
        }

        return [];
    }
}
