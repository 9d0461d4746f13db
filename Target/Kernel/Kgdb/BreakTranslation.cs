using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>From the remote protocol's numbers to the generic ones of hw_breakpoint and to the processor's codes.</summary>
internal static class BreakTranslation
{
    /// <summary>HW_BREAKPOINT_* of a Z packet's type; <see cref="BreakpointType.None"/> for what x86 doesn't have.</summary>
    public static BreakpointType Generic(KgdbBreakpointType type) => type switch
    {
        KgdbBreakpointType.Execute => BreakpointType.Execute,
        KgdbBreakpointType.Write => BreakpointType.Write,
        KgdbBreakpointType.Access => BreakpointType.ReadWrite,
        _ => BreakpointType.None,
    };

    /// <summary>The processor's code of a type, or 0.</summary>
    public static byte TypeCode(KgdbBreakpointType type) => ArchBreakpoint.CodeOfType(Generic(type));

    /// <summary>The processor's code of a length; for execution always that of 1. 0 if there is none.</summary>
    public static byte LengthCode(KgdbBreakpointType type, int length) =>
        type == KgdbBreakpointType.Execute ? ArchBreakpoint.Length1 : length < 0 ? (byte)0 : ArchBreakpoint.CodeOfLength((ulong)length);

    /// <summary>What perf would be asked for: execution has the length of a long there.</summary>
    public static BreakpointAttributes Attributes(ulong address, int length, KgdbBreakpointType type) =>
        new(address, type == KgdbBreakpointType.Execute ? 8 : (ulong)length, Generic(type));
}
