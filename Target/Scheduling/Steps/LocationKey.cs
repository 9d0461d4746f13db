namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// How location keys are laid out: bits 63-62 say what it is, 61-48 which CPU, 47-40 which task made it (0: the set-up),
/// 39-0 the how-manieth it made. A task counts its own creations, so two tasks that allocate don't swap names when they swap
/// places.
/// </summary>
internal static class LocationKey
{
    public const int CpuCountMax = 1 << 14;
    public const int OwnerMax = 0xFE;

    private const ulong ForwardTag = 1UL << 62;
    private const ulong ModelTag = 2UL << 62;
    private const ulong PropertyTag = 3UL << 62;

    /// <summary>The <paramref name="ordinal"/>-th object made by a runnable (-1: by the set-up).</summary>
    public static ulong Object(int owner, long ordinal) => ((ulong)(owner + 1) << 40) | (ulong)ordinal;

    /// <summary>The newest buffered store of one CPU to the location <paramref name="key"/>.</summary>
    public static ulong Forward(ulong key, int cpu) => ForwardTag | ((ulong)cpu << 48) | key;

    /// <summary>A location numbered by a model: guest memory, a device register.</summary>
    public static ulong Model(ulong number) => ModelTag | (number & ~PropertyTag);

    /// <summary>What a state property over several locations sees.</summary>
    public static ulong Property(int ordinal) => PropertyTag | (uint)ordinal;
}
