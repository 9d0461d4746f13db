namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_help.</summary>
internal sealed class HelpList(string name, string help) : IKdbCommand
{
    public string Name => name;

    public string Usage => "";

    public string Help => help;

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        context.Print($"{"Command",-15} {"Usage",-20} Description\n");
        context.Print("----------------------------------------------------------\n");
        foreach (IKdbCommand command in KdbCommands.All)
        {
            context.Print($"{command.Name,-15} {command.Usage,-20} {command.Help}\n");
        }

        return KdbError.None;
    }
}
