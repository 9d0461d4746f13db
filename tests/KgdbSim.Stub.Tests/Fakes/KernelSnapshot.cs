using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>
/// All that a machine under a modelled kernel is at a moment, in words: each cell of the kernel's, tables and owners, the debug registers
/// three times, processors and memory. The record of past traps is left out.
/// </summary>
internal static class KernelSnapshot
{
    /// <summary>How many cells there are. Those that come later belong to objects that were made, refused and freed.</summary>
    public static int CellCount(KernelSession session)
    {
        // Looking at a task's breakpoints makes their cells.
        Of(session, 0);
        return session.Target.Host.Host.World.SharedObjects.Count();
    }

    /// <param name="session">Whose.</param>
    /// <param name="cellCount">How many of the cells count.</param>
    public static string Of(KernelSession session, int cellCount)
    {
        KgdbHost host = session.Target.Host;
        List<string> lines = [$"machine {session.Kernel.Host.Host.Machine.Steps} {session.StateHash:x16}"];
        lines.AddRange(host.Host.World.SharedObjects.Take(cellCount).Select(static shared => $"{shared.Name} = {shared.Content}"));
        foreach (HostedCpu cpu in host.Host.Cpus)
        {
            int number = cpu.Cpu.Number;
            lines.Add($"C{number} rip {cpu.Registers.Ip:x} flags {cpu.Registers.Flags:x} unplugged {cpu.IsUnplugged} vm {cpu.Vm.IsWanted} {cpu.Vm.IsRunning}");
            lines.Add($"C{number} holders {string.Join(", ", host.Perf.Slots.Holders(number).Select(Describe))}");
            lines.Add($"C{number} {session.Kernel.DebugRegisters(number)} {session.Kernel.DebugRegisters(number).Guest} {cpu.Guest!.Waiting}");
        }

        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            lines.Add($"breakinfo[{i}] {host.Kgdb.Hardware!.Entry(i)}");
        }

        lines.Add($"software {string.Join(", ", host.Kgdb.Software.Entries)}");
        lines.Add($"users {string.Join(", ", host.Users.Perf.All.Select(static user => $"{user.Name} {user.Attributes} {user.HitCount}"))}");
        lines.Add($"warnings {string.Join(", ", session.Kernel.Warnings)}");
        return string.Join('\n', lines);
    }

    private static string Describe(PerfBreakpoint bp) => $"{bp.Name} {bp.Attributes.Value} {bp.Arch.Value} {bp.State.Value} {bp.OwnsSlot}";
}
