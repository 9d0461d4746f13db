namespace KgdbSim.Target.Cpu.Execute;

/// <summary>The local APIC as a processor's instructions reach it: CR8 and model-specific registers.</summary>
internal interface IInterruptController
{
    /// <summary>CR8: bits 7:4 of the task priority.</summary>
    ulong TaskPriority { get; set; }

    /// <summary>IA32_APIC_BASE, IA32_TSC_DEADLINE and the x2APIC registers.</summary>
    static bool Owns(uint msr) =>
        msr is MsrNumber.ApicBase or MsrNumber.TscDeadline or (>= MsrNumber.X2ApicFirst and <= MsrNumber.X2ApicLast);

    /// <summary>Reads one of those; false: #GP(0).</summary>
    bool ReadMsr(uint msr, out ulong value);

    /// <summary>Writes one of those; false: #GP(0), nothing has changed.</summary>
    bool WriteMsr(uint msr, ulong value);

    /// <summary>The time-stamp counter was set: a deadline in its terms is another step now.</summary>
    void TimeStampChanged();
}
