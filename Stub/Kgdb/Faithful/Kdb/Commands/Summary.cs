namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_summary: which kernel, on what. Nothing in it varies here.</summary>
internal sealed class Summary : IKdbCommand
{
    public string Name => "summary";

    public string Usage => "";

    public string Help => "Summarize the system";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        context.Print("sysname    Linux\n");
        context.Print("release    6.1.192\n");
        context.Print("version    simulated\n");
        context.Print("machine    x86_64\n");
        context.Print("nodename   kgdbsim\n");
        context.Print("domainname (none)\n");
        return KdbError.None;
    }
}
