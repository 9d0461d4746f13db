namespace KgdbSim.Target.Kernel.Core;

/// <summary>What reports call the parts of each CPU. Spelled once: every run of an exploration makes all of them anew.</summary>
internal static class CpuNames
{
    private const int CpuCountMax = 64;
    private const int DebugRegisterCount = 8;
    private static readonly string[] Controls = Make("control");
    private static readonly string[] SoftirqQueues = Make("softirq");
    private static readonly string[] CallQueues = Make("calls");
    private static readonly string[] CallInterrupts = Make("ipi");
    private static readonly string[][] DebugRegisters =
        [.. Enumerable.Range(0, DebugRegisterCount).Select(number => Make($"DR{number}"))];

    /// <summary>"C0.control".</summary>
    public static string Control(int cpu) => Controls[cpu];

    /// <summary>"C0.softirq".</summary>
    public static string Softirq(int cpu) => SoftirqQueues[cpu];

    /// <summary>"C0.calls".</summary>
    public static string Calls(int cpu) => CallQueues[cpu];

    /// <summary>"C0.ipi".</summary>
    public static string Ipi(int cpu) => CallInterrupts[cpu];

    /// <summary>"C0.DR7".</summary>
    public static string DebugRegister(int cpu, int number) => DebugRegisters[number][cpu];

    private static string[] Make(string part) => [.. Enumerable.Range(0, CpuCountMax).Select(cpu => $"C{cpu}.{part}")];
}
