using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>kgdb from inside: who is in it, its tables, its switches.</summary>
internal sealed class KgdbCommand : IMonitorCommand
{
    private const int EntryCount = 4;
    private const int MessageCountMax = 10;

    /// <inheritdoc/>
    public string Name => "kgdb";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "the debugger inside the kernel: CPUs in it, its breakpoints, which defects it has";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        KgdbHost host = context.Kernel.Host;
        context.Output.WriteLine($"kernel {context.Kernel.Version}, kgdb as in {host.Kgdb.Core.Options.Form.Name}");
        WriteCpus(context.Output, host.Kgdb.Core);
        WriteHardware(context.Output, host.Layer.BreakInfo);
        WriteSoftware(context.Output, host.Kgdb.Software);
        WriteDefects(context.Output, host.Defects);
        foreach (string message in host.Kgdb.Core.Console.TakeLast(MessageCountMax))
        {
            context.Output.WriteLine($"console  {message}");
        }

        foreach (string warning in context.Kernel.Warnings)
        {
            context.Output.WriteLine($"warning  {warning}");
        }

        return null;
    }

    private static void WriteCpus(TextWriter output, KgdbCore core)
    {
        int stepping = core.SteppingCpu.Value;
        string step = stepping == KgdbCore.Nobody ? "" : $", CPU#{stepping} steps";
        output.WriteLine($"in kgdb  {core.MastersInKgdb.Value} as master, {core.SlavesInKgdb.Value} as slave{step}");
        foreach (KgdbCpu cpu in core.Cpus)
        {
            ExceptionRoles roles = cpu.Roles.Value;
            string role = core.Active.Value == cpu.Number ? "master"
                : (roles & ExceptionRoles.WantMaster) != 0 ? "waits to be master"
                : (roles & ExceptionRoles.IsSlave) != 0 ? "slave" : "outside";
            output.WriteLine($"  CPU#{cpu.Number}  {role}");
        }
    }

    private static void WriteHardware(TextWriter output, BreakInfo hardware)
    {
        output.WriteLine("breakinfo");
        for (int i = 0; i < EntryCount; i++)
        {
            BreakEntry entry = hardware.Entry(i);
            string kind = entry.Arch.TypeCode switch
            {
                0x80 => "x",
                0x81 => "w",
                _ => "rw",
            };
            output.WriteLine(entry.IsEnabled ? $"  [{i}]  {entry.Arch.Address:x16} {kind} {entry.Arch.Length}" : $"  [{i}]  -");
        }
    }

    private static void WriteSoftware(TextWriter output, SoftwareBreakpoints software)
    {
        output.WriteLine("software breakpoints");
        bool any = false;
        foreach (SoftwareBreakpoint entry in software.Entries)
        {
            string? state = entry.State switch
            {
                BreakpointState.Set => "set, not in memory",
                BreakpointState.Active => $"active, in place of 0x{entry.SavedByte:x2}",
                BreakpointState.Removed => "removed",
                _ => null,
            };
            any |= state is not null;
            output.Write(state is null ? "" : $"  {entry.Address:x16}  {state}\n");
        }

        output.Write(any ? "" : "  none\n");
    }

    private static void WriteDefects(TextWriter output, KgdbDefects defects)
    {
        output.WriteLine("defects of Linux 6.1 that are on");
        foreach (KgdbDifference difference in KgdbDefectTable.All)
        {
            output.Write((defects & difference.Defect) != 0 ? $"  {difference.Id}  {difference.Faithful}\n" : "");
        }

        output.Write(defects == KgdbDefects.None ? "  none\n" : "");
    }
}
