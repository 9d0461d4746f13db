namespace KgdbSim.Stub.Transport;

/// <summary>
/// How many instructions a slice of a run may retire, so that Ctrl-C is looked for every few milliseconds whether the
/// guest runs at a thousand instructions a millisecond or at a million. It has no influence on the guest's course.
/// </summary>
internal sealed class SliceBudget(TimeProvider time)
{
    private const long StepsMin = 1_000;
    private const long StepsMax = 50_000_000;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(3);

    private long _start;

    /// <summary>The budget of the next slice.</summary>
    public long Steps { get; private set; } = 50_000;

    /// <summary>A slice begins.</summary>
    public void Begin() => _start = time.GetTimestamp();

    /// <summary>A slice ended because its budget was spent, which tells how fast the guest is.</summary>
    public void Spent()
    {
        TimeSpan taken = time.GetElapsedTime(_start);
        if (taken < Short)
        {
            Steps = Math.Min(Steps * 2, StepsMax);
        }
        else if (taken > Long)
        {
            Steps = Math.Max(Steps / 2, StepsMin);
        }
    }
}
