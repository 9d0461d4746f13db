using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>Breakpoints of a perf user: hits are counted, or written down one by one, and nobody is stopped.</summary>
internal sealed class PerfBreakpointCommand : IMonitorCommand
{
    /// <summary>How many of the latest hits the list of all users shows of each sampler.</summary>
    private const int ShownInList = 4;

    private const string Sampling = "sample";

    /// <inheritdoc/>
    public string Name => "perf-bp";

    /// <inheritdoc/>
    public string Arguments => "[list [NAME] | add CPU|all ADDR LEN r|w|rw|x [sample] [NAME] | del NAME]";

    /// <inheritdoc/>
    public string Summary => "a perf user's breakpoints: list, add, delete; x has LEN 8; sample: each hit is written down";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        if (!words.HasMore)
        {
            List(context);
            return null;
        }

        return words.OneOf(["list", "add", "del"]) switch
        {
            0 => List(context, ref words),
            1 => Add(context, ref words),
            2 => BreakpointDeletion.Execute(context, ref words, context.Kernel.PerfBreakpoints, context.Kernel.RemovePerfBreakpoint),
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
        bool samples = words.Skip(Sampling);
        string name = words.HasMore ? words.Next("NAME") : kernel.Host.Users.Perf.FreeName();
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        KernelResult result = (cpu, samples) switch
        {
            ({ } one, true) => kernel.AddPerfSampler(name, one, address, length, kind),
            ({ } one, false) => kernel.AddPerfBreakpoint(name, one, address, length, kind),
            (null, true) => kernel.AddPerfSampler(name, address, length, kind),
            _ => kernel.AddPerfBreakpoint(name, address, length, kind),
        };
        string where = cpu is { } only ? $"CPU#{only}" : "all CPUs";
        context.Output.WriteLine(result.IsDone ? $"{name} on {where}" : $"{result}");
        return null;
    }

    private static string? List(MonitorContext context, ref Words words)
    {
        string? name = words.HasMore ? words.Next("NAME") : null;
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        if (name is null)
        {
            List(context);
            return null;
        }

        KernelBreakpoint? bp = context.Kernel.PerfBreakpoints.FirstOrDefault(bp => bp.Name == name);
        if (bp is null)
        {
            context.Output.WriteLine($"ENOENT: there is no perf breakpoint '{name}'");
            return null;
        }

        Write(context, bp, int.MaxValue);
        return null;
    }

    private static void List(MonitorContext context)
    {
        foreach (KernelBreakpoint bp in context.Kernel.PerfBreakpoints)
        {
            Write(context, bp, ShownInList);
        }

        context.Output.Write(context.Kernel.PerfBreakpoints.Count == 0 ? "no perf breakpoints\n" : "");
    }

    private static void Write(MonitorContext context, KernelBreakpoint bp, int sampleCountMax)
    {
        string cpus = string.Join(',', bp.Cpus);
        context.Output.WriteLine($"  {bp.Name,-20} {bp.Address:x16} {BreakpointText.Of(bp.Kind),-2} {bp.Length}  {bp.HitCount} hits  CPU {cpus}");
        foreach (KernelSample sample in context.Kernel.PerfSamples(bp.Name).TakeLast(sampleCountMax))
        {
            context.Output.WriteLine($"    CPU#{sample.Cpu} rip {sample.Rip:x16}  hit {sample.Number}");
        }
    }
}
