using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// A virtual machine's use of a CPU's debug registers, with interrupts off (arch/x86/kvm/x86.c: vcpu_enter_guest@6.1). While
/// the guest runs, the registers are its own; what the host wants stays in <see cref="CpuBreakpoints"/>.
/// </summary>
internal sealed class GuestDebugRegisters(PerfBreakpoints perf)
{
    /// <summary>DR0 to DR3 of the guest.</summary>
    private readonly ulong[] _addresses = new ulong[Dr7Encoding.RegisterCount];

    /// <summary>DR7 of the guest: loaded by the hardware at entry.</summary>
    public ulong Dr7 { get; set; }

    /// <summary>Whether the guest has breakpoints of its own (switch_db_regs).</summary>
    public bool UsesRegisters { get; set; }

    /// <summary>The guest's DRn, n below 4.</summary>
    public ulong Address(int n) => _addresses[n];

    /// <summary>Sets the guest's DRn, n below 4.</summary>
    public void SetAddress(int n, ulong value) => _addresses[n] = value;

    /// <summary>Up to the entry, which loads the guest's DR7.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Enter(KernelContext c)
    {
        DebugRegisterFile registers = c.Home.DebugRegisters;
        if (!UsesRegisters)
        {
            if (IsActive(await perf.Cpu(c.Home.Number).Dr7.Read(c)))
            {
                await registers.Write(c, 7, 0);
            }

            return;
        }

        await registers.Write(c, 7, 0);
        for (int i = 0; i < _addresses.Length; i++)
        {
            await registers.Write(c, i, _addresses[i]);
        }

        await registers.Write(c, 7, Dr7);
    }

    /// <summary>After the exit, which leaves DR7 at its reset value.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Exit(KernelContext c)
    {
        DebugRegisterFile registers = c.Home.DebugRegisters;
        if (UsesRegisters)
        {
            await registers.Write(c, 7, 0);
            for (int i = 0; i < _addresses.Length; i++)
            {
                _addresses[i] = await registers.Read(c, i);
            }
        }

        CpuBreakpoints cpu = perf.Cpu(c.Home.Number);
        if (IsActive(await cpu.Dr7.Read(c)))
        {
            c.Line("if (hw_breakpoint_active()) hw_breakpoint_restore();");
            await cpu.Restore(c);
        }
    }

    private static bool IsActive(ulong dr7) => (dr7 & Dr7Encoding.GlobalEnables) != 0;
}
