using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>What must hold of the breakpoints of a kernel, for <see cref="World.Always(string, Func{bool})"/> and for tests.</summary>
internal sealed class SlotInvariants(KernelModel kernel, PerfBreakpoints perf)
{
    /// <summary>I1: nobody was promised more registers than a CPU has.</summary>
    public bool PromisesFit() =>
        kernel.Cpus.All(cpu => perf.Slots.CpuPinned(cpu.Number) + perf.Slots.TaskPinnedMax(cpu.Number) <= Dr7Encoding.RegisterCount);

    /// <summary>
    /// I2: no register of a CPU is armed for nobody; while its interrupts are on (installing and handlers have them off).
    /// </summary>
    public bool ArmedIsOwned(int cpu)
    {
        KernelCpu on = kernel.Cpus[cpu];
        if (!on.Control.IrqsEnabled)
        {
            return true;
        }

        uint armed = Dr7Encoding.Armed(on.DebugRegisters.Value(7));
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            if ((armed >> i & 1) != 0 && perf.Cpu(cpu).Slots[i].Value is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// I3: DR7 is what is wanted, while interrupts are on; not to be asked inside a debugger, a guest or a temporary mm.
    /// </summary>
    public bool Dr7IsAsWanted(int cpu)
    {
        KernelCpu on = kernel.Cpus[cpu];
        return !on.Control.IrqsEnabled
            || (on.DebugRegisters.Value(7) & ~DebugRegisterFile.Dr7Reset) == perf.Cpu(cpu).Dr7.Value;
    }

    /// <summary>I4: a breakpoint that was unregistered is in no register.</summary>
    public bool FreedIsNowhere(int cpu) => perf.Cpu(cpu).Slots.All(static slot => slot.Value is not { IsFreed.Value: true });

    /// <summary>I5: everything the accounting knows, to be compared before and after a refusal.</summary>
    public string Counters() => string.Join(' ', kernel.Cpus.Select(cpu =>
        $"C{cpu.Number}:{perf.Slots.CpuPinned(cpu.Number)}+{perf.Slots.TaskPinnedMax(cpu.Number)}/{perf.Slots.Holders(cpu.Number).Count()}"));
}
