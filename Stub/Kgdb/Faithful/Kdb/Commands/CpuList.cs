using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_cpu without an argument: who is master, and which CPUs there are.</summary>
internal sealed class CpuList : IKdbCommand
{
    public string Name => "cpu";

    public string Usage => "";

    public string Help => "Display active cpus";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return KdbError.BadCpu;
        }

        IKgdbCore core = context.Core;
        string online = string.Join(", ", Enumerable.Range(0, core.CpuLimit).Where(core.IsOnline));
        context.Print(string.Create(CultureInfo.InvariantCulture, $"Currently on cpu {core.MasterCpu}\n"));
        context.Print($"Available cpus: {online}\n");
        return KdbError.None;
    }
}
