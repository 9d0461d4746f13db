using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// One CPU's debug registers as the kernel wants them, and which breakpoint is in which (per-CPU cpu_dr7, cpu_debugreg[4],
/// bp_per_reg[4]; arch/x86/kernel/hw_breakpoint.c@6.1). The wanted values stay while the registers hold something else: in a
/// trap's handler, in a debugger, in a guest.
/// </summary>
internal sealed class CpuBreakpoints
{
    private const ulong Dr7WithoutFixed = ~0x400UL;

    private readonly KernelCpu _cpu;

    public CpuBreakpoints(KernelCpu cpu)
    {
        _cpu = cpu;
        World world = cpu.Kernel.World;
        Dr7 = world.Cell($"C{cpu.Number}.cpu_dr7", 0UL);
        LoadedTask = world.Cell<KernelTask?>($"C{cpu.Number}.task_ctx", null);
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            Addresses[i] = world.Cell($"C{cpu.Number}.cpu_debugreg[{i}]", 0UL);
            Slots[i] = world.Cell<PerfBreakpoint?>($"C{cpu.Number}.bp_per_reg[{i}]", null);
        }
    }

    /// <summary>cpu_dr7.</summary>
    public SharedCell<ulong> Dr7 { get; }

    /// <summary>cpu_debugreg[4].</summary>
    public SharedCell<ulong>[] Addresses { get; } = new SharedCell<ulong>[Dr7Encoding.RegisterCount];

    /// <summary>bp_per_reg[4].</summary>
    public SharedCell<PerfBreakpoint?>[] Slots { get; } = new SharedCell<PerfBreakpoint?>[Dr7Encoding.RegisterCount];

    /// <summary>The task whose breakpoints are in registers, or null. Written by the CPU's switch of tasks only.</summary>
    public SharedCell<KernelTask?> LoadedTask { get; }

    /// <summary>hw_breakpoint_active(): any breakpoint is wanted; looking takes no step.</summary>
    public bool IsActive => (Dr7.Value & Dr7Encoding.GlobalEnables) != 0;

    /// <summary>Whether the processor runs under a hypervisor: then an idle DR7 is not worth a trap.</summary>
    public bool IsVirtualized { get; init; }

    /// <summary>Nothing is wanted, and a hypervisor makes each access to DR7 dear: local_db_save() doesn't look; nor does this take a step.</summary>
    public bool IsIdleUnderHypervisor => IsVirtualized && !IsActive;

    /// <summary>The register a breakpoint is in, or -1; looking takes no step.</summary>
    public int RegisterOf(PerfBreakpoint bp) => Array.FindIndex(Slots, slot => ReferenceEquals(slot.Value, bp));

    /// <summary>
    /// arch_install_hw_breakpoint(), with interrupts off: the copy first, the register second, so that no NMI sees an armed DR7
    /// and an idle copy.
    /// </summary>
    /// <returns>-EBUSY, after a warning, if no register is free: the accounting should have seen to that.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Install(KernelContext c, PerfBreakpoint bp)
    {
        c.Line("if (!*slot) { *slot = bp; break; }");
        int i = 0;
        while (i < Slots.Length && await Slots[i].Read(c) is not null)
        {
            i++;
        }

        if (i == Slots.Length)
        {
            c.Warn("no debug register", "Can't find any breakpoint slot");
            return Errno.Busy;
        }

        await Slots[i].Write(c, bp);
        ArchBreakpoint info = await bp.Arch.Read(c);
        c.Line("set_debugreg(info->address, i);");
        await _cpu.DebugRegisters.Write(c, i, info.Address);
        await Addresses[i].Write(c, info.Address);
        ulong dr7 = await Dr7.Read(c) | Dr7Encoding.Encode(i, info.LengthCode, info.TypeCode);
        await Dr7.Write(c, dr7);
        c.Line("set_debugreg(*dr7, 7);");
        await _cpu.DebugRegisters.Write(c, 7, dr7);
        return Errno.None;
    }

    /// <summary>
    /// arch_uninstall_hw_breakpoint(), with interrupts off: the register first, the copy second. GE and the address stay.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Uninstall(KernelContext c, PerfBreakpoint bp)
    {
        c.Line("if (*slot == bp) { *slot = NULL; break; }");
        int i = 0;
        while (i < Slots.Length && !ReferenceEquals(await Slots[i].Read(c), bp))
        {
            i++;
        }

        if (i == Slots.Length)
        {
            c.Warn("no debug register", "Can't find any breakpoint slot");
            return;
        }

        await Slots[i].Write(c, null);
        ArchBreakpoint info = await bp.Arch.Read(c);
        ulong dr7 = await Dr7.Read(c) & ~Dr7Encoding.Field(i, info.LengthCode, info.TypeCode);
        c.Line("set_debugreg(dr7, 7);");
        await _cpu.DebugRegisters.Write(c, 7, dr7);
        await Dr7.Write(c, dr7);
    }

    /// <summary>hw_breakpoint_disable(): nothing is armed from here on.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Disable(KernelContext c)
    {
        await _cpu.DebugRegisters.Write(c, 7, 0);
        for (int i = 0; i < Addresses.Length; i++)
        {
            await _cpu.DebugRegisters.Write(c, i, 0);
        }
    }

    /// <summary>hw_breakpoint_restore(): the registers are what the kernel wants; DR7 last.</summary>
    /// <param name="c">On this CPU.</param>
    /// <param name="dr6">0xFFFF0FF0 (6.1), or the virtual DR6 of <c>current</c> (2010).</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Restore(KernelContext c, ulong dr6 = DebugRegisterFile.Dr6Idle)
    {
        for (int i = 0; i < Addresses.Length; i++)
        {
            await _cpu.DebugRegisters.Write(c, i, await Addresses[i].Read(c));
        }

        await _cpu.DebugRegisters.Write(c, 6, dr6);
        await _cpu.DebugRegisters.Write(c, 7, await Dr7.Read(c));
    }

    /// <summary>local_db_save(): no hardware breakpoint on this CPU until <see cref="LocalDbRestore"/>.</summary>
    /// <returns>What to restore: DR7 without its fixed bit; 0 if nothing was armed.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<ulong> LocalDbSave(KernelContext c)
    {
        if (IsVirtualized && (await Dr7.Read(c) & Dr7Encoding.GlobalEnables) == 0)
        {
            return 0;
        }

        ulong dr7 = await _cpu.DebugRegisters.Read(c, 7) & Dr7WithoutFixed;
        if (dr7 != 0)
        {
            await _cpu.DebugRegisters.Write(c, 7, 0);
        }

        return dr7;
    }

    /// <summary>local_db_restore().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask LocalDbRestore(KernelContext c, ulong dr7)
    {
        if (dr7 != 0)
        {
            await _cpu.DebugRegisters.Write(c, 7, dr7);
        }
    }
}
