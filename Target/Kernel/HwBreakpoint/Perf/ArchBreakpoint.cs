namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>What goes into the registers (struct arch_hw_breakpoint).</summary>
/// <param name="Address">For DRn.</param>
/// <param name="LengthCode">0x40, 0x44, 0x4c or 0x48 for 1, 2, 4 and 8 bytes.</param>
/// <param name="TypeCode">0x80 execute, 0x81 write, 0x83 read and write.</param>
internal readonly record struct ArchBreakpoint(ulong Address, byte LengthCode, byte TypeCode)
{
    /// <summary>X86_BREAKPOINT_EXECUTE.</summary>
    public const byte Execute = 0x80;

    /// <summary>X86_BREAKPOINT_WRITE.</summary>
    public const byte Write = 0x81;

    /// <summary>X86_BREAKPOINT_RW.</summary>
    public const byte ReadWrite = 0x83;

    /// <summary>X86_BREAKPOINT_LEN_1; also that of instruction breakpoints.</summary>
    public const byte Length1 = 0x40;

    /// <summary>X86_BREAKPOINT_LEN_2.</summary>
    public const byte Length2 = 0x44;

    /// <summary>X86_BREAKPOINT_LEN_4.</summary>
    public const byte Length4 = 0x4C;

    /// <summary>X86_BREAKPOINT_LEN_8.</summary>
    public const byte Length8 = 0x48;

    /// <summary>How many bytes are watched.</summary>
    public int Length => LengthCode switch
    {
        Length1 => 1,
        Length2 => 2,
        Length4 => 4,
        _ => 8,
    };

    /// <summary>The same in generic terms, with the length that the registers have.</summary>
    public BreakpointAttributes Attributes => new(Address, (ulong)Length, TypeCode switch
    {
        Execute => BreakpointType.Execute,
        Write => BreakpointType.Write,
        _ => BreakpointType.ReadWrite,
    });

    /// <summary>The code of a length in bytes; 0 if the processor has none.</summary>
    public static byte CodeOfLength(ulong bytes) => bytes switch
    {
        1 => Length1,
        2 => Length2,
        4 => Length4,
        8 => Length8,
        _ => 0,
    };

    /// <summary>The code of a generic type; 0 if the processor has none.</summary>
    public static byte CodeOfType(BreakpointType type) => type switch
    {
        BreakpointType.Write => Write,
        BreakpointType.ReadWrite => ReadWrite,
        BreakpointType.Execute => Execute,
        _ => 0,
    };
}
