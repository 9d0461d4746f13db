using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>The registers and the kernel's copies of them (arch/x86/kernel/hw_breakpoint.c@6.1).</summary>
public sealed class CpuBreakpointsTests
{
    private const ulong Kernel = 0xFFFF_FFFF_8100_0000;

    [Fact]
    public void Installing_and_uninstalling_leaves_GE_and_the_address()
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            PerfBreakpoint bp = Make(kernel, 0);
            return async c =>
            {
                CpuBreakpoints cpu = perf.Cpu(0);
                await bp.Arch.Write(c, new ArchBreakpoint(Kernel, ArchBreakpoint.Length4, ArchBreakpoint.Write));
                Assert.Equal(Errno.None, await cpu.Install(c, bp));
                Assert.Equal(0, cpu.RegisterOf(bp));
                Assert.True(cpu.IsActive);
                Assert.Equal((Kernel, 0x000D0202UL, 0x000D0602UL), (c.Home.DebugRegisters.Value(0), cpu.Dr7.Value, c.Home.DebugRegisters.Value(7)));

                await cpu.Uninstall(c, bp);
                Assert.False(cpu.IsActive);
                Assert.Equal((Kernel, Kernel, 0x200UL, 0x600UL),
                    (c.Home.DebugRegisters.Value(0), cpu.Addresses[0].Value, cpu.Dr7.Value, c.Home.DebugRegisters.Value(7)));
            };
        });
    }

    [Fact]
    public void Disable_clears_the_registers_and_restore_brings_them_back()
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            PerfBreakpoint bp = Make(kernel, 0);
            return async c =>
            {
                DebugRegisterFile registers = c.Home.DebugRegisters;
                await perf.RegisterCpu(c, bp);
                registers.Set(6, 0xFFFF0FF1);
                await perf.Cpu(0).Disable(c);
                Assert.Equal((0UL, 0x400UL), (registers.Value(0), registers.Value(7)));
                await perf.Cpu(0).Restore(c);
                Assert.Equal((Kernel, 0xFFFF0FF0UL, 0x000D0602UL), (registers.Value(0), registers.Value(6), registers.Value(7)));
            };
        });
    }

    [Theory]
    [InlineData(false, true, 0x000D0202)]
    [InlineData(false, false, 0)]
    [InlineData(true, true, 0x000D0202)]
    [InlineData(true, false, 0)]
    public void A_handler_saves_DR7_and_puts_it_back(bool isVirtualized, bool isArmed, uint saved)
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { IsVirtualized = isVirtualized });
            PerfBreakpoint bp = Make(kernel, 0);
            return async c =>
            {
                if (isArmed)
                {
                    await perf.RegisterCpu(c, bp);
                }

                Assert.Equal(saved, await perf.Cpu(0).LocalDbSave(c));
                Assert.Equal(0x400UL, c.Home.DebugRegisters.Value(7));
                await perf.Cpu(0).LocalDbRestore(c, saved);
                Assert.Equal(saved | 0x400UL, c.Home.DebugRegisters.Value(7));
            };
        });
    }

    /// <summary>The kernel's copy says what it wants at all times, also while a guest has the registers.</summary>
    [Theory]
    [InlineData(true, 0x400 | 0x00010401, 0xAAAA)]
    [InlineData(false, 0x400, 0xFFFF_FFFF_8100_0000)]
    public void A_guest_runs_on_its_own_registers(bool usesRegisters, ulong dr7Inside, ulong dr0Inside)
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            GuestDebugRegisters guest = new(perf) { Dr7 = 0x00010401, UsesRegisters = usesRegisters };
            guest.SetAddress(0, 0xAAAA);
            PerfBreakpoint bp = Make(kernel, 0);
            return async c =>
            {
                DebugRegisterFile registers = c.Home.DebugRegisters;
                await perf.RegisterCpu(c, bp);
                await guest.Enter(c);
                Assert.Equal((dr0Inside, dr7Inside), (registers.Value(0), registers.Value(7)));
                Assert.Equal(0x000D0202UL, perf.Cpu(0).Dr7.Value);
                if (usesRegisters)
                {
                    registers.Set(0, 0xBBBB);
                }

                await guest.Exit(c);
                Assert.Equal((Kernel, 0x000D0602UL), (registers.Value(0), registers.Value(7)));
                Assert.Equal(usesRegisters ? 0xBBBBUL : 0xAAAAUL, guest.Address(0));
            };
        });
    }

    [Fact]
    public void A_wide_breakpoint_is_on_every_CPU_or_on_none()
    {
        InlineKernel.Run(3, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            PerfBreakpoint[] wide = perf.MakeWide("wide", new BreakpointAttributes(Kernel, 4, BreakpointType.Write));
            PerfBreakpoint[] wide2 = perf.MakeWide("wide2", new BreakpointAttributes(Kernel + 8, 4, BreakpointType.Write));
            PerfBreakpoint[] onTwo = [.. Enumerable.Range(1, 3).Select(i => Make(kernel, 2))];
            SlotInvariants invariants = new(kernel, perf);
            return async c =>
            {
                Assert.Equal(Errno.None, await perf.RegisterWide(c, wide));
                Assert.All(kernel.Cpus, cpu => Assert.Equal(0x000D0602UL, cpu.DebugRegisters.Value(7)));
                foreach (PerfBreakpoint bp in onTwo)
                {
                    Assert.Equal(Errno.None, await perf.RegisterCpu(c, bp));
                }

                string before = invariants.Counters();
                Assert.Equal(Errno.NoSpace, await perf.RegisterWide(c, wide2));
                Assert.Equal(before, invariants.Counters());
                Assert.Equal(["wide.C2", "bp", "bp", "bp"], perf.Slots.Holders(2).Select(bp => bp.Name));
                Assert.All(kernel.Cpus, cpu => Assert.True(invariants.ArmedIsOwned(cpu.Number) && invariants.Dr7IsAsWanted(cpu.Number)));
                foreach (PerfBreakpoint bp in wide)
                {
                    await perf.Unregister(c, bp);
                }

                Assert.Equal(0x600UL, kernel.Cpus[0].DebugRegisters.Value(7));
                Assert.All(kernel.Cpus, cpu => Assert.True(invariants.FreedIsNowhere(cpu.Number)));
            };
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_debugger_is_refused_while_somebody_else_counts(bool hasHistograms)
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { HasHistograms = hasHistograms });
            PerfBreakpoint[] bps = [.. Enumerable.Range(0, 5).Select(i => Make(kernel, 0))];
            return async c =>
            {
                for (int i = 0; i < 4; i++)
                {
                    Assert.Equal(Errno.None, await perf.Slots.DbgReserve(c, bps[i]));
                }

                Assert.Equal(Errno.NoSpace, await perf.Slots.DbgReserve(c, bps[4]));
                await perf.Slots.CountingLock.DownWrite(c);
                Assert.Equal(Errno.NotPermitted, await perf.Slots.DbgReserve(c, bps[4]));
                Assert.Equal(Errno.NotPermitted, await perf.Slots.DbgRelease(c, bps[0]));
                await perf.Slots.CountingLock.UpWrite(c);
                foreach (PerfBreakpoint bp in bps.AsSpan(0, 4).ToArray())
                {
                    Assert.Equal(Errno.None, await perf.Slots.DbgRelease(c, bp));
                }

                Assert.False(perf.Slots.IsUsed);
            };
        });
    }

    private static PerfBreakpoint Make(KernelModel kernel, int cpu) =>
        new(kernel, "bp", new BreakpointAttributes(Kernel, 4, BreakpointType.Write), cpu, null);
}
