namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_lsmod of a kernel that has loaded none.</summary>
internal sealed class ModuleList : IKdbCommand
{
    public string Name => "lsmod";

    public string Usage => "";

    public string Help => "List loaded kernel modules";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return KdbError.ArgumentCount;
        }

        context.Print("Module                  Size  modstruct     Used by\n");
        return KdbError.None;
    }
}
