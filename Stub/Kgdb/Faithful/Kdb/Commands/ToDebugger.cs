namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_kgdb: the gdb stub takes over.</summary>
internal sealed class ToDebugger : IKdbCommand
{
    public string Name => "kgdb";

    public string Usage => "";

    public string Help => "Enter kgdb mode";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        context.Exit = KdbExit.Debugger;
        return KdbError.None;
    }
}
