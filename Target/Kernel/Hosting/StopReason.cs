using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Finds out why kgdb was entered, which it doesn't say itself: from the trap's record and from the breakpoints that it knows.
/// </summary>
internal static class StopReason
{
    private const int Int3 = 3;

    /// <summary>The reason of a session that has just begun. After an int3 of kgdb's own, RIP is put back to it.</summary>
    /// <param name="host">The kernel.</param>
    /// <param name="state">The entry.</param>
    /// <param name="isRequest">It was entered because somebody outside asked.</param>
    public static KgdbStop Of(KgdbHost host, KgdbState state, bool isRequest)
    {
        if (isRequest)
        {
            return new KgdbStop(state.Cpu, KgdbStopKind.Request, 0);
        }

        if (state.Vector == Int3)
        {
            ulong address = state.Registers.Ip - 1;
            if (!IsPlanted(host, address))
            {
                return new KgdbStop(state.Cpu, KgdbStopKind.Other, 0);
            }

            // A debugger that is told of a software breakpoint expects to stand at it (GDB manual, "swbreak").
            state.Registers.Ip = address;
            return new KgdbStop(state.Cpu, KgdbStopKind.SoftwareBreakpoint, address);
        }

        HostedCpu cpu = host.Host.Cpus[state.Cpu];
        ulong dr6 = cpu.Handles(Vector.Debug) ? cpu.TrapDr6 : 0;
        uint entries = host.Hits(state.Cpu).Entries(dr6);
        return Hit(host, state.Cpu, entries) ?? new KgdbStop(
            state.Cpu, (dr6 & Dr6Bits.SingleStep) != 0 ? KgdbStopKind.StepDone : KgdbStopKind.Other, 0);
    }

    /// <summary>Whether the debugger has, or had, a software breakpoint there.</summary>
    public static bool IsKnown(KgdbHost host, ulong address) => Find(host, address) is not BreakpointState.Undefined;

    private static bool IsPlanted(KgdbHost host, ulong address) => Find(host, address) is BreakpointState.Set or BreakpointState.Active;

    private static BreakpointState Find(KgdbHost host, ulong address)
    {
        BreakpointState found = BreakpointState.Undefined;
        foreach (SoftwareBreakpoint entry in host.Kgdb.Software.Entries)
        {
            if (entry.Address == address && entry.State > found)
            {
                found = entry.State;
            }
        }

        return found;
    }

    /// <summary>One of the breakpoints that were hit and are still there; data before execution, as the access has happened.</summary>
    private static KgdbStop? Hit(KgdbHost host, int cpu, uint entries)
    {
        KgdbStop? hit = null;
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = host.Layer.BreakInfo.Entry(i);
            if ((entries >> i & 1) == 0 || !entry.IsEnabled)
            {
                continue;
            }

            KgdbStopKind kind = entry.Arch.TypeCode switch
            {
                ArchBreakpoint.Execute => KgdbStopKind.HardwareBreakpoint,
                ArchBreakpoint.Write => KgdbStopKind.WriteWatch,
                _ => KgdbStopKind.AccessWatch,
            };
            if (hit is null || kind != KgdbStopKind.HardwareBreakpoint)
            {
                hit = new KgdbStop(cpu, kind, entry.Arch.Address);
            }
        }

        return hit;
    }
}
