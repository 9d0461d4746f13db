using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling;

/// <summary>Makes run n of a seeded policy independent of the runs before it, so that runs can be divided among processes.</summary>
internal static class RunSeed
{
    public static Prng Of(ulong seed, long run)
    {
        StableHash hash = new(seed);
        hash.Add((ulong)run);
        return new Prng(hash.Value);
    }
}
