using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Traps;

/// <summary>
/// How an exception combines with a second one that delivering it raises (SDM vol. 3, tables 6-4 and 6-5).
/// </summary>
internal enum TrapClass
{
    Benign,
    Contributory,
    PageFault,
    DoubleFault,
}

/// <summary>The table of classes and what two exceptions make.</summary>
internal static class TrapClasses
{
    public static TrapClass Of(in PendingEvent pending)
    {
        if (pending.Source != EventSource.Exception)
        {
            return TrapClass.Benign;
        }

        return pending.Vector switch
        {
            Vector.DivideError or Vector.InvalidTss or Vector.SegmentNotPresent or Vector.StackFault
                or Vector.GeneralProtection => TrapClass.Contributory,
            Vector.PageFault => TrapClass.PageFault,
            Vector.DoubleFault => TrapClass.DoubleFault,
            _ => TrapClass.Benign,
        };
    }

    /// <summary>
    /// The second exception is not delivered by itself: a double fault is, or the processor shuts down.
    /// </summary>
    public static bool Combines(TrapClass first, TrapClass second) => first switch
    {
        TrapClass.Contributory => second == TrapClass.Contributory,
        TrapClass.PageFault or TrapClass.DoubleFault => second is TrapClass.Contributory or TrapClass.PageFault,
        _ => false,
    };
}
