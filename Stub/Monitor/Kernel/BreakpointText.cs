using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>Breakpoints and debug registers in words.</summary>
internal static class BreakpointText
{
    private static readonly string[] Accesses = ["x", "w", "port", "rw"];

    private static readonly int[] Lengths = [1, 2, 8, 4];

    /// <summary>r, w, rw or x.</summary>
    public static string Of(KernelBreakpointKind kind) => kind switch
    {
        KernelBreakpointKind.Execute => "x",
        KernelBreakpointKind.Write => "w",
        KernelBreakpointKind.Read => "r",
        _ => "rw",
    };

    /// <summary>"0000000000200000 rw 8", or "-" for a register that isn't armed (SDM vol. 3, 18.2.4).</summary>
    public static string Of(DebugRegisterSet registers, int register)
    {
        if ((registers.Dr7 >> (2 * register) & 3) == 0)
        {
            return "-";
        }

        int control = (int)(registers.Dr7 >> (16 + (4 * register))) & 15;
        return $"{registers[register]:x16} {Accesses[control & 3]} {Lengths[control >> 2]}";
    }
}
