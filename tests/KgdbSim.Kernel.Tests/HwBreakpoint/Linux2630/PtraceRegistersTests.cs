using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Linux2630;

/// <summary>ptrace's debug registers in the 2009 interface (arch/x86/kernel/ptrace.c, commit 72f674d203cd).</summary>
public sealed class PtraceRegistersTests
{
    private const ulong User = Stage2630.UserAddress;

    [Fact]
    public void Addresses_then_DR7_arm_and_a_hit_is_marked_by_address()
    {
        Run(10, async (c, stage, ptrace, thread) =>
        {
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 0, User));
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 1, User));
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 7, 0x00DD0005));
            Assert.Equal(0x00DD060AUL, c.Home.DebugRegisters.Value(7));

            // Both watch one address: the lower is reported.
            Assert.True(await stage.Hw.Trap.Access(c, User, 1, true));
            Assert.Equal((0x1UL, 1), (await PtraceRegisters.Read(c, thread, 6), thread.Signals.Value));
            Assert.Equal((User, 0x00DD0005UL), (await PtraceRegisters.Read(c, thread, 1), await PtraceRegisters.Read(c, thread, 7)));
        });
    }

    /// <summary>The merged code takes the thread's first free register, whatever the tracer calls it (HB-13, bad-a).</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public void A_breakpoint_is_in_the_register_that_was_named_only_with_the_cure(bool isCured, int register)
    {
        Run(10, async (c, stage, ptrace, thread) =>
        {
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 2, User));
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 7, 0x0D000010));
            Assert.Equal([register], Enumerable.Range(0, 4).Where(i => thread.Breakpoints[i].Value is not null));
            Assert.Equal(User, c.Home.DebugRegisters.Value(register));
            Assert.True(await stage.Hw.Trap.Access(c, User, 4, true));
            Assert.Equal(1UL << register, await PtraceRegisters.Read(c, thread, 6));
        }, isCured ? InterfaceForm.Cured : InterfaceForm.Merged);
    }

    [Fact]
    public void Disabling_frees_and_reserved_bits_are_dropped()
    {
        Run(10, async (c, stage, ptrace, thread) =>
        {
            await ptrace.Write(c, thread, 0, User);
            await ptrace.Write(c, thread, 7, 0xFFFF_FFFF_000D_FC01);
            HardwareBreakpoint bp = thread.Breakpoints[0].Value!;
            Assert.Equal(0x000D0001UL, await PtraceRegisters.Read(c, thread, 7));
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 7, 0));
            Assert.True(bp.IsFreed.Value);

            // GE is in no register's mask (0x000F0003...), and stays.
            Assert.Equal((0, 0x200UL), (stage.Tables.UserCount[0].Value, thread.DebugReg7.Value));
        });
    }

    [Theory]
    [InlineData(0, -12)]
    [InlineData(1, -22)]
    public void A_refused_DR7_leaves_the_old_one(int memory, int expected)
    {
        Run(10, async (c, stage, ptrace, thread) =>
        {
            await ptrace.Write(c, thread, 0, User);
            await ptrace.Write(c, thread, 7, 0x000D0001);
            HardwareBreakpoint bp = thread.Breakpoints[0].Value!;

            // Register 0 off, register 1 on at an odd address.
            await ptrace.Write(c, thread, 1, User + 1);
            await ptrace.MemoryLeft!.Write(c, memory);
            Assert.Equal(expected, (int)await ptrace.Write(c, thread, 7, 0x00D00004));
            Assert.Same(bp, thread.Breakpoints[0].Value);
            Assert.Equal(0x000D0001UL, await PtraceRegisters.Read(c, thread, 7));
            Assert.Equal((0x000D0202UL, 1), (thread.DebugReg7.Value, stage.Tables.UserCount[0].Value));
        });
    }

    [Fact]
    public void An_address_in_use_must_be_in_user_space_and_DR4_and_DR5_are_none()
    {
        Run(10, async (c, stage, ptrace, thread) =>
        {
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 0, 0xFFFF_8800_0000_0000));
            await ptrace.Write(c, thread, 0, User);
            await ptrace.Write(c, thread, 7, 0x000D0001);
            Assert.Equal(Errno.InputOutput, await ptrace.Write(c, thread, 0, 0xFFFF_8800_0000_0000));
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 0, User + 8));
            Assert.Equal(User + 8, thread.Breakpoints[0].Value!.Info.Value.Address);

            // It takes effect when the thread is next installed.
            Assert.Equal(User, c.Home.DebugRegisters.Value(0));
            Assert.Equal(Errno.InputOutput, await ptrace.Write(c, thread, 4, 0));
            Assert.Equal(Errno.InputOutput, await ptrace.Write(c, thread, 5, 0));
        });
    }

    /// <summary>The wanted length and type are not stored before the object is modified: as read in the code of June 2009.</summary>
    [Theory]
    [InlineData(false, 0x000D0202)]
    [InlineData(true, 0x000F0202)]
    public void A_change_of_type_alone_has_no_effect_as_merged(bool stores, uint dr7)
    {
        Run(10, async (c, stage, ptrace, thread) =>
        {
            await ptrace.Write(c, thread, 0, User);
            await ptrace.Write(c, thread, 7, 0x000D0001);
            Assert.Equal(Errno.None, await ptrace.Write(c, thread, 7, 0x000F0001));
            Assert.Equal(dr7, thread.DebugReg7.Value);
        }, new InterfaceForm { StoresBeforeModify = stores });
    }

    private static void Run(
        int memory, Func<KernelContext, Stage2630, PtraceRegisters, ThreadBreakpoints, ValueTask> body, InterfaceForm? form = null)
    {
        InlineKernel.RunOn(world =>
        {
            Stage2630 stage = new(world, 1, form ?? InterfaceForm.Merged);
            SharedCell<int> left = world.Cell("memory", memory);
            PtraceRegisters ptrace = new(stage.Kernel, stage.Tables, stage.Hw.Threads, new InfoValidator()) { MemoryLeft = left };
            stage.Kernel.Spawn("T", 0, c => body(c, stage, ptrace, stage.Tables.Current(c.Home)));
        });
    }
}
