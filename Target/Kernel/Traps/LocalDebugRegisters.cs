using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>
/// DR7 off while a CPU handles an NMI or a debug exception of the kernel, and on again (local_db_save, local_db_restore,
/// arch/x86/include/asm/debugreg.h@6.1).
/// </summary>
internal sealed class LocalDebugRegisters(TrapOptions options)
{
    /// <summary>What DR7 was, without its fixed bit; if that isn't 0, DR7 is off now.</summary>
    public ValueTask<ulong> Save(KernelContext c)
    {
        c.Line("dr7 = local_db_save();");
        return options.Breakpoints is { } breakpoints ? breakpoints.Cpu(c.Home.Number).LocalDbSave(c) : default;
    }

    /// <summary>Arms the CPU again, with what <see cref="Save"/> yielded or with what is wanted by now.</summary>
    public ValueTask Restore(KernelContext c, ulong saved)
    {
        if (saved == 0)
        {
            // Nothing was turned off; whatever has been installed since is in DR7 already.
            return default;
        }

        c.Line("local_db_restore(dr7);");
        CpuBreakpoints cpu = options.Breakpoints!.Cpu(c.Home.Number);
        return options.Dr7OnExit == Dr7OnExit.Current ? RestoreWanted(c, cpu) : cpu.LocalDbRestore(c, saved);
    }

    /// <summary>Part of a step: what <see cref="Save"/> and <see cref="Restore"/> with nothing between them leave in DR7.</summary>
    public void RestoreAtOnce(KernelCpu cpu)
    {
        CpuBreakpoints wanted = options.Breakpoints!.Cpu(cpu.Number);
        ulong armed = cpu.DebugRegisters.Value(7) & ~DebugRegisterFile.Dr7Reset;
        ulong left = wanted.Dr7.Value | DebugRegisterFile.Dr7Reset;
        bool isChanged = options.Dr7OnExit == Dr7OnExit.Current && armed != 0 && left != cpu.DebugRegisters.Value(7);
        if (isChanged && !wanted.IsIdleUnderHypervisor)
        {
            cpu.DebugRegisters.Set(7, left);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask RestoreWanted(KernelContext c, CpuBreakpoints cpu) =>
        await c.Home.DebugRegisters.Write(c, 7, await cpu.Dr7.Read(c));
}
