using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>Breakpoints of a perf user: hits are counted, nobody is stopped.</summary>
internal sealed class PerfBreakpointCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "perf-bp";

    /// <inheritdoc/>
    public string Arguments => "[add CPU|all ADDR LEN r|w|rw|x [NAME] | del NAME]";

    /// <inheritdoc/>
    public string Summary => "a perf user's breakpoints: list, add, delete; x has LEN 8";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        if (!words.HasMore)
        {
            List(context);
            return null;
        }

        return words.OneOf(["add", "del"]) switch
        {
            0 => Add(context, ref words),
            1 => Delete(context, ref words),
            _ => words.Complaint,
        };
    }

    private static string? Add(MonitorContext context, ref Words words)
    {
        SimulatedKernel kernel = context.Kernel;
        int? cpu = words.CpuOrAll(context.Control.Target.CpuCount);
        ulong address = words.Address();
        int length = words.Number("LEN", int.MaxValue);
        KernelBreakpointKind kind = words.Kind();
        string name = words.HasMore ? words.Next("NAME") : kernel.Host.Users.Perf.FreeName();
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        KernelResult result = cpu is { } one
            ? kernel.AddPerfBreakpoint(name, one, address, length, kind)
            : kernel.AddPerfBreakpoint(name, address, length, kind);
        string where = cpu is { } only ? $"CPU#{only}" : "all CPUs";
        context.Output.WriteLine(result.IsDone ? $"{name} on {where}" : $"{result}");
        return null;
    }

    private static string? Delete(MonitorContext context, ref Words words)
    {
        string name = words.Next("NAME");
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        long hits = context.Kernel.PerfBreakpoints.FirstOrDefault(bp => bp.Name == name)?.HitCount ?? 0;
        KernelResult result = context.Kernel.RemovePerfBreakpoint(name);
        context.Output.WriteLine(result.IsDone ? $"{name} is gone after {hits} hits" : $"{result}");
        return null;
    }

    private static void List(MonitorContext context)
    {
        foreach (KernelBreakpoint bp in context.Kernel.PerfBreakpoints)
        {
            string cpus = string.Join(',', bp.Cpus);
            context.Output.WriteLine(
                $"  {bp.Name,-20} {bp.Address:x16} {BreakpointText.Of(bp.Kind),-2} {bp.Length}  {bp.HitCount} hits  CPU {cpus}");
        }

        context.Output.Write(context.Kernel.PerfBreakpoints.Count == 0 ? "no perf breakpoints\n" : "");
    }
}
