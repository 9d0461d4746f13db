namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>What only a machine with a modelled kernel has.</summary>
internal static class KernelCommands
{
    /// <summary>A new set, in the order of help. Those that other machines have too replace theirs.</summary>
    public static IMonitorCommand[] Create() =>
    [
        new KernelDrsCommand(),
        new SlotsCommand(),
        new EventsCommand(),
        new KgdbCommand(),
        new PerfBreakpointCommand(),
        new KernelBreakpointCommand(),
        new PtraceBreakpointCommand(),
        new KvmCommand(),
        new HotplugCommand(),
        new LockdepCommand(),
    ];
}
