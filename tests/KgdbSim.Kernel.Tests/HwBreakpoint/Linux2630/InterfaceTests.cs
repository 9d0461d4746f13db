using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Linux2630;

/// <summary>The 2009 interface as merged (commits 62a038d34db2, 08d68323d1f0, 66cb59172959), one clause each, run once and inline.</summary>
public sealed class InterfaceTests
{
    private const ulong Dr7OfK1 = 0xD0000280;
    private const ulong Dr7OfBoth = 0xD30002A0;

    [Fact]
    public void Kernel_breakpoints_take_registers_from_the_top_on_every_CPU()
    {
        Run(2, async (c, stage) =>
        {
            Assert.Equal(Errno.None, await stage.Hw.Kernel.Register(c, stage.MakeK1()));
            Assert.Equal((3, Dr7OfK1), (stage.Tables.Position.Value, stage.Tables.Kdr7(0).Value));
            Assert.Equal(Errno.None, await stage.Hw.Kernel.Register(c, stage.MakeK2()));
            Assert.All(stage.Kernel.Cpus, cpu => Assert.Equal(
                (Dr7OfBoth | 0x400, Stage2630.Address1, Stage2630.Address2),
                (cpu.DebugRegisters.Value(7), cpu.DebugRegisters.Value(3), cpu.DebugRegisters.Value(2))));
        });
    }

    [Fact]
    public void Unregistering_closes_the_gap_and_gives_the_lowest_register_back()
    {
        Run(2, async (c, stage) =>
        {
            HardwareBreakpoint k1 = stage.MakeK1();
            HardwareBreakpoint k2 = stage.MakeK2();
            await stage.Hw.Kernel.Register(c, k1);
            await stage.Hw.Kernel.Register(c, k2);
            await stage.Hw.Kernel.Unregister(c, k1);
            Assert.Equal(3, stage.Tables.Position.Value);
            Assert.Same(k2, stage.Tables.Kernel[3].Value);
            Assert.All(stage.Kernel.Cpus, cpu =>
            {
                Assert.Equal((0x30000680UL, Stage2630.Address2), (cpu.DebugRegisters.Value(7), cpu.DebugRegisters.Value(3)));
                Assert.Equal([null, null, null, k2], stage.Tables.Loaded(cpu.Number).Select(slot => slot.Value));
            });

            await stage.Hw.Kernel.Unregister(c, k1);
            Assert.Equal(3, stage.Tables.Position.Value);
        });
    }

    [Fact]
    public void The_fifth_is_refused()
    {
        Run(1, async (c, stage) =>
        {
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(Errno.None, await stage.Hw.Kernel.Register(c, stage.MakeK1()));
            }

            Assert.Equal(Errno.NoSpace, await stage.Hw.Kernel.Register(c, stage.MakeK2()));
            Assert.Equal(Errno.NoSpace, await stage.Hw.Threads.Register(c, stage.Tables.Current(c.Home), stage.MakeUser("late")));
        });
    }

    [Fact]
    public void A_running_threads_breakpoint_is_armed_at_once_and_counted()
    {
        Run(1, async (c, stage) =>
        {
            ThreadBreakpoints thread = stage.Tables.Current(c.Home);
            HardwareBreakpoint bp = stage.MakeUser("T's");
            await stage.Hw.Kernel.Register(c, stage.MakeK1());
            Assert.Equal(Errno.None, await stage.Hw.Threads.Register(c, thread, bp));
            Assert.True(thread.HasBreakpoints.Value);
            Assert.Equal((1, 0xD0202UL), (stage.Tables.UserCount[0].Value, thread.DebugReg7.Value));
            Assert.Equal((0xD00D0682UL, Stage2630.UserAddress), (c.Home.DebugRegisters.Value(7), c.Home.DebugRegisters.Value(0)));

            await bp.Info.Write(c, new BreakpointInfo(Stage2630.UserAddress + 8, 0x44, 0x83));
            Assert.Equal(Errno.None, await stage.Hw.Threads.Modify(c, thread, bp));
            Assert.Equal((1, 0xD0070682UL), (stage.Tables.UserCount[0].Value, c.Home.DebugRegisters.Value(7)));
            Assert.Equal(Errno.NoEntry, await stage.Hw.Threads.Modify(c, thread, stage.MakeUser("other")));

            await stage.Hw.Threads.Unregister(c, thread, bp);
            Assert.False(thread.HasBreakpoints.Value);
            Assert.Equal((0, Dr7OfK1 | 0x400), (stage.Tables.UserCount[0].Value, c.Home.DebugRegisters.Value(7)));
        });
    }

    [Fact]
    public void Exec_frees_everything_and_a_child_inherits_nothing()
    {
        Run(1, async (c, stage) =>
        {
            ThreadBreakpoints thread = stage.Tables.Current(c.Home);
            ThreadBreakpoints child = new(stage.Kernel, "child", null);
            HardwareBreakpoint bp = stage.MakeUser("T's");
            await stage.Hw.Threads.Register(c, thread, bp);
            await child.HasBreakpoints.Write(c, true);
            await child.DebugReg7.Write(c, thread.DebugReg7.Value);
            await child.Breakpoints[0].Write(c, bp);
            await ThreadRegisters.Fork(c, child);
            Assert.Equal((false, 0UL), (child.HasBreakpoints.Value, child.DebugReg7.Value));
            Assert.Null(child.Breakpoints[0].Value);
            Assert.Equal(1, stage.Tables.UserCount[0].Value);

            await stage.Hw.Threads.Flush(c, thread);
            Assert.True(bp.IsFreed.Value);
            Assert.Equal((0, 0UL, 0x400UL), (stage.Tables.UserCount[0].Value, thread.DebugReg7.Value, c.Home.DebugRegisters.Value(7)));
        });
    }

    /// <summary>
    /// Rows: kernel K1 in register 3, the running thread's in register 0 (user), a register left armed (stale); then what the
    /// handler answers, the signals, and DR6 as left for others.
    /// </summary>
    [Theory]
    [InlineData("only the kernel's", 0x8, true, "Stop", 0x0)]
    [InlineData("the thread's", 0x1, true, "Done", 0x0)]
    [InlineData("both", 0x9, true, "Done", 0x0)]
    [InlineData("one left behind", 0x2, true, "Stop", 0x0)]
    [InlineData("one left behind, in a thread without", 0x2, false, "Stop", 0x0)]
    [InlineData("the kernel's and a step", 0x4008, true, "Done", 0x4000)]
    [InlineData("a step", 0x4000, true, "Done", 0x4000)]
    [InlineData("nothing", 0x0, true, "Done", 0x0)]
    public void The_handler_says_who_has_to_hear_of_it(string what, uint dr6, bool hasThread, string answer, uint dr6After)
    {
        Run(1, async (c, stage) =>
        {
            ThreadBreakpoints thread = stage.Tables.Current(c.Home);
            HardwareBreakpoint k1 = stage.MakeK1();
            HardwareBreakpoint user = stage.MakeUser("T's");
            int calls = 0;
            k1.Triggered = user.Triggered = (_, _, _) =>
            {
                calls++;
                return ValueTask.CompletedTask;
            };
            await stage.Hw.Kernel.Register(c, k1);
            if (hasThread)
            {
                await stage.Hw.Threads.Register(c, thread, user);
            }

            stage.Arm(0, 1, new BreakpointInfo(Stage2630.UserAddress + 0x40, 0x4C, 0x81));
            ulong dr7 = c.Home.DebugRegisters.Value(7);
            DieArgsOf args = new(dr6);
            Assert.Equal(answer, (await stage.Hw.Handler.Handle(c, args.Args)).ToString());
            Assert.True(args.Args.Dr6 == dr6After, $"{what}: DR6 is left as {args.Args.Dr6:x}");
            Assert.Equal((dr6 >> 3 & 1) + (dr6 & 1), (uint)calls);

            // A thread without breakpoints has what was left behind disarmed.
            Assert.Equal(hasThread ? dr7 : Dr7OfK1 | 0x400, c.Home.DebugRegisters.Value(7));
        });
    }

    [Fact]
    public void A_switch_to_a_thread_without_breakpoints_leaves_the_registers()
    {
        Run(1, async (c, stage) =>
        {
            KernelTask current = c.Current!;
            ThreadBreakpoints thread = stage.Tables.Thread(current);
            await stage.Hw.Threads.Register(c, thread, stage.MakeUser("T's"));
            c.Home.DebugRegisters.Set(7, 0);
            await stage.Kernel.SwitchHooks[0](c, null, current);
            Assert.Equal(0xD0602UL, c.Home.DebugRegisters.Value(7));
            await thread.HasBreakpoints.Write(c, false);
            await stage.Kernel.SwitchHooks[0](c, null, current);
            Assert.Equal(0xD0602UL, c.Home.DebugRegisters.Value(7));
        });
    }

    private static void Run(int cpus, Func<KernelContext, Stage2630, ValueTask> body)
    {
        InlineKernel.RunOn(world =>
        {
            Stage2630 stage = new(world, cpus, InterfaceForm.Merged);
            stage.Kernel.Spawn("task", 0, c => body(c, stage));
        });
    }
}
