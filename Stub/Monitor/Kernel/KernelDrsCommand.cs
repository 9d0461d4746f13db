using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>The debug registers of each CPU: what the hardware has, what the kernel wants, what will be there after kgdb.</summary>
internal sealed class KernelDrsCommand : IMonitorCommand
{
    private const int ColumnWidth = 22;

    /// <summary>Debug registers after reset (SDM vol. 3, 10.1.1).</summary>
    private static readonly DebugRegisterSet Untouched = new(0, 0, 0, 0, 0x400);

    /// <inheritdoc/>
    public string Name => "drs";

    /// <inheritdoc/>
    public string Arguments => "[CPU]";

    /// <inheritdoc/>
    public string Summary => "debug registers: in hardware, as the kernel wants them, as they will be at resume";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        int? only = words.HasMore ? words.Cpu(context.Control.Target.CpuCount) : null;
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        for (int cpu = 0; cpu < context.Control.Target.CpuCount; cpu++)
        {
            if (only is null || only == cpu)
            {
                Write(context, cpu);
            }
        }

        return null;
    }

    private static void Write(MonitorContext context, int cpu)
    {
        SimulatedKernel kernel = context.Kernel;
        KernelDebugRegisters registers = kernel.DebugRegisters(cpu);
        string state = !kernel.OnlineCpus.Contains(cpu) ? "  [offline]"
            : kernel.HasVirtualMachine(cpu) ? "  [virtual machine]" : kernel.IsStopped ? "  [in kgdb]" : "";
        TextWriter output = context.Output;
        output.WriteLine($"CPU#{cpu}  dr6 {registers.Dr6:x16}{state}");
        output.WriteLine($"       {"hardware",-ColumnWidth}  {"kernel's copy",-ColumnWidth}  at resume");
        output.WriteLine($"  dr7  {registers.Hardware.Dr7,-ColumnWidth:x16}  {registers.Copy.Dr7,-ColumnWidth:x16}  {registers.AtResume.Dr7:x16}");
        for (int n = 0; n < 4; n++)
        {
            string hardware = BreakpointText.Of(registers.Hardware, n);
            string copy = BreakpointText.Of(registers.Copy, n);
            output.WriteLine($"  dr{n}  {hardware,-ColumnWidth}  {copy,-ColumnWidth}  {BreakpointText.Of(registers.AtResume, n)}");
        }

        if (registers.Guest != Untouched)
        {
            string each = string.Join("  ", Enumerable.Range(0, 4).Select(n => $"dr{n} {registers.Guest[n]:x}"));
            output.WriteLine($"  the guest reads  {each}  dr7 {registers.Guest.Dr7:x}");
        }
    }
}
