using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_rd: the master's trap frame.</summary>
internal sealed class Registers : IKdbCommand
{
    private static readonly string[] Names =
    [
        "ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "ip", "flags", "cs", "ss",
    ];

    public string Name => "rd";

    public string Usage => "";

    public string Help => "Display Registers";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        IKgdbCore core = context.Core;
        for (int register = 0; register < Names.Length; register++)
        {
            string end = register % 4 == 3 ? "\n" : "  ";
            context.Print(string.Create(
                CultureInfo.InvariantCulture, $"{Names[register]}: {core.ReadRegister(core.MasterCpu, register):x16}{end}"));
        }

        return KdbError.None;
    }
}
