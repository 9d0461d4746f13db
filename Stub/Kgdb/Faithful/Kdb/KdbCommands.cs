using KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb;

/// <summary>The commands, and kdb_parse of kernel/debug/kdb/kdb_main.c@6.1 as far as they need it.</summary>
internal static class KdbCommands
{
    public static IReadOnlyList<IKdbCommand> All { get; } =
    [
        new MemoryDisplay(), new Go(), new Registers(), new HelpList("help", "Display Help Message"), new HelpList("?", "Display Help Message"),
        new CpuList(), new ToDebugger(), new Processes(), new ModuleList(), new Summary(),
        new Breakpoints("bp", isHardware: false, "Set/Display breakpoints"), new Breakpoints("bl", isHardware: false, "Display breakpoints"),
        new Breakpoints("bph", isHardware: true, "Set hardware breakpoint (register)"),
        new BreakpointChange("bc", "Clear Breakpoint"), new BreakpointChange("be", "Enable Breakpoint"),
        new BreakpointChange("bd", "Disable Breakpoint"),
    ];

    /// <summary>The command with this name, or null.</summary>
    public static IKdbCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    /// <summary>Executes a line. An empty one does nothing.</summary>
    public static KdbError Execute(KdbContext context, string line)
    {
        string[] words = line.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? KdbError.None : Find(words[0]) is { } command ? command.Run(context, words) : KdbError.NotFound;
    }
}
