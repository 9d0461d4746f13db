namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_go: the kernel goes on, from an address if there is one.</summary>
internal sealed class Go : IKdbCommand
{
    public string Name => "go";

    public string Usage => "[<vaddr>]";

    public string Help => "Continue Execution";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        if (words.Count > 2)
        {
            return KdbError.ArgumentCount;
        }

        if (words.Count == 2)
        {
            if (context.ReadAddress(words[1], out ulong address) is not KdbError.None and KdbError error)
            {
                return error;
            }

            context.Core.WriteRegister(RegisterNumber.InstructionPointer, address);
        }

        context.Exit = KdbExit.Go;
        return KdbError.None;
    }
}
