using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Monitor;

/// <summary>General and system registers at a glance.</summary>
internal sealed class RegistersCommand : IMonitorCommand
{
    private static readonly string[][] Rows =
    [
        ["rax", "rbx", "rcx", "rdx"],
        ["rsi", "rdi", "rbp", "rsp"],
        ["r8", "r9", "r10", "r11"],
        ["r12", "r13", "r14", "r15"],
        ["rip", "eflags", "fs_base", "gs_base"],
        ["cr0", "cr2", "cr3", "cr4"],
        ["efer", "cr8", "dr6", "dr7"],
        ["cs", "ss", "ds", "es"],
    ];

    /// <inheritdoc/>
    public string Name => "registers";

    /// <inheritdoc/>
    public string Arguments => "[CPU]";

    /// <inheritdoc/>
    public string Summary => "general, control and segment registers at a glance";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        if (!CpuArgument.TryRead(context, arguments, out int cpu, out string? complaint))
        {
            return complaint;
        }

        IDebugTarget target = context.Control.Target;
        foreach (string[] row in Rows)
        {
            IEnumerable<string> cells = row.Select(name => $"{name,-7} {NamedRegister.Read(target, cpu, name):x16}");
            context.Output.WriteLine(string.Join("  ", cells));
        }

        return null;
    }
}
