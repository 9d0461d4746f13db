using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Monitor.Kernel;

namespace KgdbSim.Stub.Monitor;

/// <summary>The table of monitor commands. A command may be shortened as long as it is clear which one is meant.</summary>
internal sealed class MonitorCommands
{
    private readonly IMonitorCommand[] _commands;

    /// <summary>The commands that every machine has.</summary>
    public MonitorCommands() : this([])
    {
    }

    /// <summary>Those and some more; one of the same name takes the place of the usual one.</summary>
    public MonitorCommands(ReadOnlySpan<IMonitorCommand> more)
    {
        IMonitorCommand[] usual =
        [
            new HelpCommand(this),
            new CpusCommand(),
            new DrsCommand(),
            new RegistersCommand(),
            new MemoryCommand(),
            new SeedCommand(),
            new StepsCommand(),
            new ResetCommand(),
        ];
        IMonitorCommand[] others = [.. more];
        _commands =
        [
            .. usual.Select(command => Array.Find(others, other => other.Name == command.Name) ?? command),
            .. others.Where(other => !Array.Exists(usual, command => command.Name == other.Name)),
        ];
    }

    /// <summary>Those of a machine, whose kernel may have some of its own, and some more.</summary>
    public static MonitorCommands For(IDebugTarget target, IReadOnlyList<IMonitorCommand> more) =>
        new([.. target.Kernel is null ? [] : KernelCommands.Create(), .. more]);

    /// <summary>All of them, in the order of help.</summary>
    public ReadOnlySpan<IMonitorCommand> All => _commands;

    /// <summary>Does what the line says. Whatever is wrong with it is printed, never thrown.</summary>
    public void Execute(string line, MonitorContext context)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
        {
            words = ["help"];
        }

        IMonitorCommand[] meant = Array.FindAll(_commands, command => command.Name == words[0]);
        if (meant.Length == 0)
        {
            meant = Array.FindAll(_commands, command => command.Name.StartsWith(words[0], StringComparison.Ordinal));
        }

        if (meant.Length != 1)
        {
            string which = meant.Length == 0 ? "unknown" : "ambiguous";
            context.Output.WriteLine($"{which} command '{words[0]}'; 'monitor help' lists all");
            return;
        }

        string? tooMuch = meant[0].Arguments.Length == 0 && words.Length > 1 ? $"'{words[1]}' is too much" : null;
        if ((tooMuch ?? meant[0].Execute(context, words.AsSpan(1))) is { } complaint)
        {
            context.Output.WriteLine($"{complaint}; usage: monitor {meant[0].Name} {meant[0].Arguments}".TrimEnd());
        }
    }
}
