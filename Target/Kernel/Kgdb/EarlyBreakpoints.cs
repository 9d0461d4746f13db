using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>Hardware breakpoints while the kernel boots, straight into the one CPU's registers (early_dr7).</summary>
internal sealed class EarlyBreakpoints(KernelModel kernel)
{
    /// <summary>early_dr7.</summary>
    public SharedCell<ulong> Dr7 { get; } = kernel.World.Cell("early_dr7", 0UL);

    /// <summary>dbg_is_early: until dbg_late_init.</summary>
    public bool IsEarly { get; set; }

    /// <summary>It is to be armed.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Arm(KernelContext c, int i, ArchBreakpoint arch)
    {
        c.Line("early_dr7 |= encode_dr7(breakno, breakinfo[breakno].len, breakinfo[breakno].type);");
        await c.Home.DebugRegisters.Write(c, i, arch.Address);
        ulong dr7 = await Dr7.Read(c) | Dr7Encoding.Encode(i, arch.LengthCode, arch.TypeCode);
        await Dr7.Write(c, dr7);
        await c.Home.DebugRegisters.Write(c, 7, dr7);
    }

    /// <summary>It isn't any more; the register was turned off at entry.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Forget(KernelContext c, int i, ArchBreakpoint arch)
    {
        c.Line("early_dr7 &= ~encode_dr7(i, breakinfo[i].len, breakinfo[i].type);");
        await Dr7.Write(c, await Dr7.Read(c) & ~Dr7Encoding.Encode(i, arch.LengthCode, arch.TypeCode));
    }
}
