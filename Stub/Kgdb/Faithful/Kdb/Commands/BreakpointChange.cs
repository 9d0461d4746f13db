using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_bc: clears, enables or disables one entry of the table, or with * all.</summary>
internal sealed class BreakpointChange(string name, string help) : IKdbCommand
{
    public string Name => name;

    public string Usage => "<bpnum>";

    public string Help => help;

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        if (words.Count != 2)
        {
            return KdbError.ArgumentCount;
        }

        KdbBreakpoint?[] table = context.Breakpoints;
        int first = 0;
        int last = table.Length - 1;
        if (words[1] != "*")
        {
            if (!KdbContext.TryNumber(words[1], out ulong number) || number >= (ulong)table.Length)
            {
                return KdbError.NoBreakpoint;
            }

            first = last = (int)number;
        }

        bool done = false;
        for (int i = first; i <= last; i++)
        {
            done |= Change(context, i);
        }

        return done ? KdbError.None : KdbError.NoBreakpoint;
    }

    private bool Change(KdbContext context, int index)
    {
        if (context.Breakpoints[index] is not { } entry)
        {
            return false;
        }

        entry.IsEnabled = name == "be";
        string verb = name switch
        {
            "bc" => "cleared",
            "be" => "enabled",
            _ => "disabled",
        };
        context.Print(string.Create(CultureInfo.InvariantCulture, $"Breakpoint {index} at 0x{entry.Address:x} {verb}\n"));
        if (name == "bc")
        {
            context.Breakpoints[index] = null;
        }

        return true;
    }
}
