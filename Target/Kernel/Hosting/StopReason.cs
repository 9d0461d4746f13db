using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Finds out why kgdb was entered, which it doesn't say itself: from the trap's record and from the breakpoints that it knows.
/// </summary>
internal static class StopReason
{
    private const ulong BranchStep = 1 << 14;
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

        ulong dr6 = host.Traps.Innermost(host.Host.Cpus[state.Cpu].Cpu)?.Event.Dr6 ?? 0;
        return Hit(host, state.Cpu, dr6) ?? new KgdbStop(
            state.Cpu, (dr6 & BranchStep) != 0 ? KgdbStopKind.StepDone : KgdbStopKind.Other, 0);
    }

    private static bool IsPlanted(KgdbHost host, ulong address)
    {
        foreach (SoftwareBreakpoint entry in host.Kgdb.Software.Entries)
        {
            if (entry.Address == address && entry.State is BreakpointState.Set or BreakpointState.Active)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The breakpoint in a register whose bit is set; data before execution, as the access has happened.</summary>
    private static KgdbStop? Hit(KgdbHost host, int cpu, ulong dr6)
    {
        KgdbStop? hit = null;
        for (int n = 0; n < 4; n++)
        {
            if ((dr6 >> n & 1) == 0)
            {
                continue;
            }

            // The register keeps its address while it is disarmed.
            ulong address = host.Host.Cpus[cpu].Cpu.DebugRegisters.Value(n);
            for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
            {
                BreakEntry entry = host.Kgdb.Hardware!.Entry(i);
                if (!entry.IsEnabled || entry.Arch.Address != address)
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
                    hit = new KgdbStop(cpu, kind, address);
                }
            }
        }

        return hit;
    }
}
