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
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<ulong> Save(KernelContext c)
    {
        c.Line("dr7 = local_db_save();");
        return options.Breakpoints is { } breakpoints ? await breakpoints.Cpu(c.Home.Number).LocalDbSave(c) : 0;
    }

    /// <summary>Arms the CPU again, with what <see cref="Save"/> yielded or with what is wanted by now.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Restore(KernelContext c, ulong saved)
    {
        if (saved == 0)
        {
            // Nothing was turned off; whatever has been installed since is in DR7 already.
            return;
        }

        c.Line("local_db_restore(dr7);");
        CpuBreakpoints cpu = options.Breakpoints!.Cpu(c.Home.Number);
        await cpu.LocalDbRestore(c, options.Dr7OnExit == Dr7OnExit.Current ? await cpu.Dr7.Read(c) : saved);
    }
}
