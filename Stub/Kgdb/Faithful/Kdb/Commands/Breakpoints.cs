using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_bp: an entry of kdb's table, or all of them. Nothing is planted before kdb itself lets the kernel go.</summary>
internal sealed class Breakpoints(string name, bool isHardware, string help) : IKdbCommand
{
    public string Name => name;

    public string Usage => "[<vaddr>]";

    public string Help => help;

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        KdbBreakpoint?[] table = context.Breakpoints;
        if (words.Count == 1)
        {
            for (int i = 0; i < table.Length; i++)
            {
                Print(context, i);
            }

            return KdbError.None;
        }

        if (context.ReadAddress(words[1], out ulong address) is not KdbError.None and KdbError error)
        {
            return error;
        }

        int free = Array.IndexOf(table, null);
        if (free < 0)
        {
            return KdbError.TooManyBreakpoints;
        }

        table[free] = new KdbBreakpoint(address, isHardware);
        Print(context, free);
        return KdbError.None;
    }

    private static void Print(KdbContext context, int index)
    {
        if (context.Breakpoints[index] is not { } entry)
        {
            return;
        }

        context.Print(string.Create(
            CultureInfo.InvariantCulture, $"Instruction({(entry.IsHardware ? "Register" : "i")}) BP #{index} at 0x{entry.Address:x}\n"));
        string state = entry.IsEnabled ? "enabled " : "disabled";
        context.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"    is {state}  addr at {entry.Address:x16}, hardtype={(entry.IsHardware ? 1 : 0)} installed=0\n\n"));
    }
}
