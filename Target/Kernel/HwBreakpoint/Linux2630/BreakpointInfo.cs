namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>What is asked for (struct arch_hw_breakpoint of June 2009).</summary>
/// <param name="Address">The first byte; 0 with a name: to be looked up.</param>
/// <param name="LengthCode">0x40, 0x44, 0x4c or 0x48 for 1, 2, 4 and 8 bytes; 0x40 also for execution.</param>
/// <param name="TypeCode">0x80 execute, 0x81 write, 0x83 read and write.</param>
internal readonly record struct BreakpointInfo(ulong Address, byte LengthCode, byte TypeCode)
{
    /// <summary>A kernel symbol instead of an address, or null.</summary>
    public string? Symbol { get; init; }

    /// <summary>How many bytes are watched; 0 if the code is none.</summary>
    public int Length => LengthCode switch
    {
        0x40 => 1,
        0x44 => 2,
        0x4C => 4,
        0x48 => 8,
        _ => 0,
    };
}
