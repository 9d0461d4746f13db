using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>Breakpoints of a debugger of processes in the tasks guest/N.</summary>
internal sealed class PtraceBreakpointCommand : IMonitorCommand
{
    private const int RegisterMax = 3;

    /// <inheritdoc/>
    public string Name => "ptrace-bp";

    /// <inheritdoc/>
    public string Arguments => "add CPU REG ADDR LEN w|rw|x | del CPU REG";

    /// <inheritdoc/>
    public string Summary => "a tracer's breakpoint in the task guest/CPU, in its register 0 to 3; x has LEN 1";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        bool isAdded = words.OneOf(["add", "del"]) == 0;
        int cpu = words.Complaint is null ? words.Cpu(context.Control.Target.CpuCount) : 0;
        int register = words.Complaint is null ? words.Number("REG", RegisterMax) : 0;
        if (!isAdded)
        {
            return words.AreComplete
                ? Tell(context, context.Kernel.RemovePtraceBreakpoint(cpu, register), $"guest/{cpu} has no breakpoint in DR{register} now")
                : words.Complaint;
        }

        ulong address = words.Address();
        int length = words.Number("LEN", int.MaxValue);
        KernelBreakpointKind kind = words.Kind();
        return words.AreComplete
            ? Tell(context, context.Kernel.AddPtraceBreakpoint(cpu, register, address, length, kind),
                $"guest/{cpu} has a breakpoint in DR{register}")
            : words.Complaint;
    }

    private static string? Tell(MonitorContext context, KernelResult result, string done)
    {
        context.Output.WriteLine(result.IsDone ? done : $"{result}");
        return null;
    }
}
