using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Says in words why a breakpoint was refused; the kernel has only a number for it.</summary>
internal static class Refusals
{
    /// <summary>The reason.</summary>
    /// <param name="host">The kernel, which is as before the request.</param>
    /// <param name="error">What it answered.</param>
    /// <param name="cpu">Where.</param>
    /// <param name="attributes">What was asked for.</param>
    public static string Explain(KgdbHost host, Errno error, int cpu, BreakpointAttributes attributes) => error switch
    {
        Errno.NoSpace => NoRoom(host, cpu),
        Errno.Busy => $"the accounting allows it, but all registers of CPU {cpu} are in use",
        Errno.NotPermitted => "a task may not watch addresses of the kernel",
        Errno.NotSupported => "the processor watches 1, 2, 4 or 8 bytes",
        Errno.Invalid => Forbidden(host, attributes) ?? Malformed(attributes),
        _ => "refused",
    };

    /// <summary>A task's breakpoint needs a register wherever the task might run, so any CPU may be the one without.</summary>
    private static string NoRoom(KgdbHost host, int cpu)
    {
        for (int i = 0; i < host.Host.Cpus.Count && !IsFull(host, cpu); i++)
        {
            cpu = IsFull(host, i) ? i : cpu;
        }

        string owners = string.Join(", ", host.Perf.Slots.Holders(cpu).Select(static bp => bp.Name));
        return $"no free debug register on CPU {cpu}; they belong to {owners}";
    }

    private static bool IsFull(KgdbHost host, int cpu) => host.Perf.Slots.Holders(cpu).Count() >= Dr7Encoding.RegisterCount;

    /// <summary>The name of the place where no breakpoint may be, if it is that.</summary>
    private static string? Forbidden(KgdbHost host, BreakpointAttributes attributes)
    {
        ulong last = attributes.Address + Math.Max(attributes.Length, 1) - 1;
        foreach (AddressRange range in ForbiddenPlaces.Of(host.Host.Machine.Options.Model))
        {
            if (range.Overlaps(attributes.Address, last))
            {
                return $"there are no breakpoints at {range.Name}";
            }
        }

        return null;
    }

    private static string Malformed(BreakpointAttributes attributes)
    {
        (ulong address, ulong length, BreakpointType type) = attributes;
        if (type == BreakpointType.Execute)
        {
            return "the length of an execution breakpoint is sizeof(long) for perf and 1 for ptrace";
        }

        if (type == BreakpointType.Read)
        {
            return "the processor has no breakpoint on reads alone";
        }

        return length is not (1 or 2 or 4 or 8) ? "the processor watches 1, 2, 4 or 8 bytes"
            : (address & (length - 1)) != 0 ? $"0x{address:x} is no multiple of {length}" : "the address is not to be watched";
    }
}
