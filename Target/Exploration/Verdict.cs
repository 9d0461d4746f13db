namespace KgdbSim.Target.Exploration;

/// <summary>What an exploration has shown.</summary>
public enum Verdict : byte
{
    /// <summary>Some runs were made, none went wrong; that proves nothing about the others.</summary>
    Bounded,

    /// <summary>Nothing went wrong, and there is nothing else that could happen (within the shard).</summary>
    Exhausted,

    /// <summary>Something went wrong; a token repeats it.</summary>
    Violated,

    /// <summary>The program threw, or isn't deterministic.</summary>
    Error,
}
