using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Direct;

/// <summary>
/// What the kernel itself has written into each CPU's debug registers last, whoever in it did: so that the hit of a register that it left
/// armed is not taken for somebody else's.
/// </summary>
internal sealed class WrittenRegisters
{
    private readonly SharedCell<ulong>[][] _addresses;
    private readonly SharedCell<ulong>[] _dr7;

    public WrittenRegisters(KernelModel kernel)
    {
        World world = kernel.World;
        _addresses = new SharedCell<ulong>[kernel.Cpus.Count][];
        _dr7 = new SharedCell<ulong>[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _dr7.Length; cpu++)
        {
            int number = cpu;
            _dr7[cpu] = world.Cell($"C{cpu}.written dr7", 0UL);
            _addresses[cpu] = [.. Enumerable.Range(0, Dr7Encoding.RegisterCount).Select(n => world.Cell($"C{number}.written dr{n}", 0UL))];
        }
    }

    /// <summary>DRn, n below 4.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Write(KernelContext c, int n, ulong address)
    {
        await c.Home.DebugRegisters.Write(c, n, address);
        await _addresses[c.Home.Number][n].Write(c, address);
    }

    /// <summary>DR7.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Arm(KernelContext c, ulong dr7)
    {
        await c.Home.DebugRegisters.Write(c, 7, dr7);
        await _dr7[c.Home.Number].Write(c, dr7);
    }

    /// <summary>Whether what is in a register of a CPU is as the kernel has left it.</summary>
    public bool IsIn(int cpu, int n, ulong address, ulong dr7)
    {
        Dr7Slot slot = Dr7Encoding.Decode(_dr7[cpu].Value, n);
        return slot.IsEnabled && slot == Dr7Encoding.Decode(dr7, n) && _addresses[cpu][n].Value == address;
    }
}
