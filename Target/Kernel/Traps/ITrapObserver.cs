namespace KgdbSim.Target.Kernel.Traps;

/// <summary>Sees traps as they happen; has no part in them.</summary>
internal interface ITrapObserver
{
    /// <summary>A handler begins.</summary>
    void Began(TrapEvent trap);

    /// <summary>It has ended.</summary>
    void Ended(TrapEvent trap);

    /// <summary>A CPU sends NMIs to those of the mask that are online.</summary>
    void SentNmi(int cpu, ulong mask);
}
