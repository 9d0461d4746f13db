namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>DR7 as the kernel builds and reads it (arch/x86/kernel/hw_breakpoint.c: encode_dr7, decode_dr7@6.1).</summary>
internal static class Dr7Encoding
{
    /// <summary>Debug address registers of a CPU (HBP_NUM).</summary>
    public const int RegisterCount = 4;

    /// <summary>DR7 bit 9, set with every breakpoint and never cleared (DR_GLOBAL_SLOWDOWN).</summary>
    public const ulong GlobalExact = 0x200;

    /// <summary>G0 to G3 (DR_GLOBAL_ENABLE of each register).</summary>
    public const ulong GlobalEnables = 0xAA;

    /// <summary>Bits that a tracer cannot set (DR_CONTROL_RESERVED, 64-bit).</summary>
    public const ulong Reserved = 0xFFFF_FFFF_0000_FC00;

    /// <summary>encode_dr7(): what register <paramref name="n"/> adds to DR7.</summary>
    public static ulong Encode(int n, byte lengthCode, byte typeCode) => Field(n, lengthCode, typeCode) | GlobalExact;

    /// <summary>__encode_dr7(): the same without GE; what is taken away again.</summary>
    public static ulong Field(int n, byte lengthCode, byte typeCode) =>
        ((ulong)((uint)(lengthCode | typeCode) & 0xF) << (16 + (4 * n))) | (2UL << (2 * n));

    /// <summary>decode_dr7().</summary>
    public static Dr7Slot Decode(ulong dr7, int n)
    {
        uint field = (uint)(dr7 >> (16 + (4 * n)));
        return new Dr7Slot((byte)((field & 0xC) | ArchBreakpoint.Length1), (byte)((field & 3) | ArchBreakpoint.Execute),
            (dr7 >> (2 * n) & 3) != 0);
    }

    /// <summary>The registers that DR7 arms, bit n for register n.</summary>
    public static uint Armed(ulong dr7)
    {
        uint armed = 0;
        for (int n = 0; n < RegisterCount; n++)
        {
            armed |= (dr7 >> (2 * n) & 3) != 0 ? 1U << n : 0;
        }

        return armed;
    }
}

/// <summary>What DR7 says about one register.</summary>
/// <param name="LengthCode">0x40...</param>
/// <param name="TypeCode">0x80...</param>
/// <param name="IsEnabled">Either of its enable bits is set.</param>
internal readonly record struct Dr7Slot(byte LengthCode, byte TypeCode, bool IsEnabled)
{
    /// <summary>The same in generic terms (arch_bp_generic_fields).</summary>
    public BreakpointAttributes Attributes(ulong address)
    {
        BreakpointType type = TypeCode switch
        {
            ArchBreakpoint.Execute => BreakpointType.Execute,
            ArchBreakpoint.Write => BreakpointType.Write,
            ArchBreakpoint.ReadWrite => BreakpointType.ReadWrite,
            _ => BreakpointType.None,
        };

        // An instruction breakpoint of another length than one byte is none; the parser refuses length 0.
        ulong length = type != BreakpointType.Execute ? (ulong)new ArchBreakpoint(0, LengthCode, TypeCode).Length
            : LengthCode == ArchBreakpoint.Length1 ? 8UL : 0;
        return new BreakpointAttributes(address, length, type) { IsDisabled = !IsEnabled };
    }
}
