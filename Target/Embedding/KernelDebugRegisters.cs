namespace KgdbSim.Target.Embedding;

/// <summary>DR0-DR3 and DR7 of one CPU, three times.</summary>
/// <param name="Hardware">What the processor has. In kgdb every CPU is disarmed.</param>
/// <param name="Copy">What the kernel wants there: cpu_debugreg and cpu_dr7.</param>
/// <param name="AtResume">What the processor will have when the CPU leaves kgdb, kgdb's own breakpoints included; outside, what it has.</param>
/// <param name="Dr6">DR6 of the processor.</param>
public sealed record KernelDebugRegisters(DebugRegisterSet Hardware, DebugRegisterSet Copy, DebugRegisterSet AtResume, ulong Dr6)
{
    /// <summary>
    /// What the guest's code has written to its own, and reads: those that it has armed are among the others, in any order.
    /// </summary>
    public DebugRegisterSet Guest { get; init; }
}

/// <summary>Four addresses and which of them are armed for what (SDM vol. 3, 18.2).</summary>
/// <param name="Dr0">Address 0.</param>
/// <param name="Dr1">Address 1.</param>
/// <param name="Dr2">Address 2.</param>
/// <param name="Dr3">Address 3.</param>
/// <param name="Dr7">Enables, kinds and lengths.</param>
public readonly record struct DebugRegisterSet(ulong Dr0, ulong Dr1, ulong Dr2, ulong Dr3, ulong Dr7)
{
    /// <summary>DRn.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="register"/> is not 0 to 3.</exception>
    public ulong this[int register] => register switch
    {
        0 => Dr0,
        1 => Dr1,
        2 => Dr2,
        3 => Dr3,
        _ => throw new ArgumentOutOfRangeException(nameof(register), register, "Address registers are 0 to 3."),
    };
}
