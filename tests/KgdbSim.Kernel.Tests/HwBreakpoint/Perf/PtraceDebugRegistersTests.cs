using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>A tracer writes and reads u_debugreg (arch/x86/kernel/ptrace.c@6.1). The tracee here is the running task itself.</summary>
public sealed class PtraceDebugRegistersTests
{
    private const ulong User = 0x40_0000;

    [Fact]
    public void An_address_and_then_DR7_arm_a_register_and_a_hit_is_marked_in_DR6()
    {
        Run(async (c, perf, task) =>
        {
            Assert.Equal(Errno.None, await perf.Ptrace.Write(c, task, 1, User));
            Assert.Equal(0x400UL, c.Home.DebugRegisters.Value(7));
            Assert.Equal(Errno.None, await perf.Ptrace.Write(c, task, 7, 0x00D00004));
            Assert.Equal((User, 0x000D0602UL), (c.Home.DebugRegisters.Value(0), c.Home.DebugRegisters.Value(7)));

            DieArgs args = new() { Registers = new KernelRegisters { IsUserMode = true }, Dr6 = 1, HasDr6 = true };
            Assert.Equal(NotifyResult.Done, await perf.HandleDebug(c, args));
            Assert.Equal(0xFFFF0FF2UL, await perf.Ptrace.Read(c, task, 6));
            Assert.Equal(User, await perf.Ptrace.Read(c, task, 1));
            Assert.Equal(0x00D00004UL, await perf.Ptrace.Read(c, task, 7));
        });
    }

    [Fact]
    public void A_refused_DR7_leaves_what_was_there()
    {
        Run(async (c, perf, task) =>
        {
            await perf.Ptrace.Write(c, task, 0, User);
            await perf.Ptrace.Write(c, task, 2, User + 1);
            Assert.Equal(Errno.None, await perf.Ptrace.Write(c, task, 7, 0x000D0001));

            // Register 0 off, register 2 on for 4 bytes at an odd address.
            Assert.Equal(Errno.Invalid, await perf.Ptrace.Write(c, task, 7, 0x0D000010));
            Assert.Equal(0x000D0001UL, await perf.Ptrace.Read(c, task, 7));
            Assert.Equal(0x000D0602UL, c.Home.DebugRegisters.Value(7));
        });
    }

    [Fact]
    public void DR4_and_DR5_are_errors_and_DR6_and_DR7_keep_what_may_be_set()
    {
        Run(async (c, perf, task) =>
        {
            Assert.Equal(Errno.InputOutput, await perf.Ptrace.Write(c, task, 4, 0));
            Assert.Equal(Errno.InputOutput, await perf.Ptrace.Write(c, task, 5, 0));
            await perf.Ptrace.Write(c, task, 6, 0xFFFF0FF5);
            Assert.Equal(0x5UL, perf.VirtualDr6(c.Home).Value);
            Assert.Equal(Errno.None, await perf.Ptrace.Write(c, task, 7, 0xFC00));
            Assert.Equal(0UL, await perf.Ptrace.Read(c, task, 7));
        });
    }

    [Fact]
    public void The_kernel_is_not_the_tracers_to_watch() => Run(async (c, perf, task) =>
    {
        Assert.Equal(Errno.NotPermitted, await perf.Ptrace.Write(c, task, 0, 0xFFFF_FFFF_8100_0000));
        Assert.False(perf.Slots.IsUsed);
    });

    [Fact]
    public void A_flushed_task_has_nothing_left() => Run(async (c, perf, task) =>
    {
        await perf.Ptrace.Write(c, task, 0, User);
        await perf.Ptrace.Write(c, task, 7, 0x00000001);
        await perf.Ptrace.Flush(c, task);
        Assert.Equal((0UL, 0x600UL), (await perf.Ptrace.Read(c, task, 7), c.Home.DebugRegisters.Value(7)));
        Assert.False(perf.Slots.IsUsed);
    });

    private static void Run(Func<KernelContext, PerfBreakpoints, KernelTask, ValueTask> body)
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            return c => body(c, perf, (KernelTask)c.Process);
        });
    }
}
