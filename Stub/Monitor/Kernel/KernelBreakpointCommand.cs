using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>Breakpoints of the kernel itself beside kgdb's: hits are counted, nobody is stopped.</summary>
internal sealed class KernelBreakpointCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "kernel-bp";

    /// <inheritdoc/>
    public string Arguments => "[add ADDR LEN w|rw|x [NAME] | del NAME | list]";

    /// <inheritdoc/>
    public string Summary => "2.6.30: breakpoints of the kernel itself, on all CPUs; x has LEN 1";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        int verb = words.HasMore ? words.OneOf(["add", "del", "list"]) : 2;
        return verb switch
        {
            0 => Add(context, ref words),
            1 => BreakpointDeletion.Execute(context, ref words, context.Kernel.KernelBreakpoints, context.Kernel.RemoveKernelBreakpoint),
            2 => List(context, ref words),
            _ => words.Complaint,
        };
    }

    private static string? Add(MonitorContext context, ref Words words)
    {
        SimulatedKernel kernel = context.Kernel;
        ulong address = words.Address();
        int length = words.Number("LEN", int.MaxValue);
        KernelBreakpointKind kind = words.Kind();
        string name = words.HasMore ? words.Next("NAME") : kernel.Host.Users.Kernel.FreeName();
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        KernelResult result = kernel.AddKernelBreakpoint(name, address, length, kind);
        context.Output.WriteLine(result.IsDone ? $"{name} on all CPUs" : $"{result}");
        return null;
    }

    private static string? List(MonitorContext context, ref Words words)
    {
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        IReadOnlyList<KernelBreakpoint> all = context.Kernel.KernelBreakpoints;
        foreach (KernelBreakpoint bp in all)
        {
            context.Output.WriteLine($"  {bp.Name,-20} {bp.Address:x16} {BreakpointText.Of(bp.Kind),-2} {bp.Length}  {bp.HitCount} hits");
        }

        context.Output.Write(all.Count == 0 ? "no kernel breakpoints but kgdb's\n" : "");
        return null;
    }
}
