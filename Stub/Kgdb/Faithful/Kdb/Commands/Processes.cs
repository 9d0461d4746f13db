using System.Globalization;
using System.Text;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_ps: what runs on each CPU, then all tasks.</summary>
internal sealed class Processes : IKdbCommand
{
    public string Name => "ps";

    public string Usage => "[<flags>|A]";

    public string Help => "Display active task list";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        context.Print("Task Addr               Pid [*] cpu Command\n");
        IKgdbCore core = context.Core;
        for (int cpu = 0; cpu < core.CpuLimit; cpu++)
        {
            if (core.IsOnline(cpu) && core.TaskInDebugger(cpu) is { } task)
            {
                Print(context, task, cpu);
            }
        }

        context.Print("\n");
        foreach (IKgdbTask task in core.Tasks)
        {
            Print(context, task, -1);
        }

        return KdbError.None;
    }

    private static void Print(KdbContext context, IKgdbTask task, int cpu) => context.Print(string.Create(
        CultureInfo.InvariantCulture,
        $"0x{KdbContext.TaskAddress(task):x16} {task.Pid,8}  {(cpu >= 0 ? 1 : 0)} {Math.Max(cpu, 0),4} {Encoding.Latin1.GetString(task.Name)}\n"));
}
