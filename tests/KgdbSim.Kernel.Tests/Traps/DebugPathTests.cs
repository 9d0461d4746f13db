using KgdbSim.Kernel.Tests.Kgdb;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Traps;

/// <summary>traps.md 2.3: a debug exception in 6.1.</summary>
public sealed class DebugPathTests
{
    private const ulong Watched = 0xFFFF_8880_0000_2000;
    private const ulong Idle = DebugRegisterFile.Dr6Idle;

    [Fact]
    public void DR6_is_read_once_reset_and_shown_with_1_for_what_happened()
    {
        InlineStage inline = Make(KgdbDefects.None, out KgdbStage stage);
        List<(ulong Seen, ulong Hardware)> seen = [];
        Notifiers.Add(stage, "all", 1, (_, args) =>
        {
            seen.Add((args.Dr6, inline.Cpu.DebugRegisters.Value(6)));
            return NotifyResult.Stop;
        });

        // Bus lock, bit 11, is the one that is 0 when it happened.
        inline.Run(async c =>
        {
            await stage.Traps.Debug(c, new KernelRegisters(), Idle | 0x4008);
            await stage.Traps.Debug(c, new KernelRegisters(), Idle & ~0x800UL);
        });

        Assert.Equal([(0x4008UL, Idle), (0x800UL, Idle)], seen);
    }

    [Fact]
    public void Without_a_cause_the_kernel_s_exception_ends_in_silence()
    {
        InlineStage inline = Make(KgdbDefects.Faithful61, out KgdbStage stage);
        inline.Run(async c => await stage.Traps.Debug(c, new KernelRegisters(), Idle));

        Assert.Empty(Notifiers.Lookers(stage));
        Assert.Equal(TrapVerdict.Ignored, stage.Traps.Events.Latest(0).Verdict);
    }

    [Fact]
    public void A_step_that_nobody_takes_loses_TF()
    {
        InlineStage inline = Make(KgdbDefects.None, out KgdbStage stage);
        KernelRegisters registers = new() { Flags = KernelRegisters.TrapFlag | 2 };
        inline.Run(async c => await stage.Traps.Debug(c, registers, Idle | 0x4000));

        Assert.Equal(2UL, registers.Flags);
    }

    [Theory]
    [InlineData(0x4000UL, KernelSignal.CodeTrace)]
    [InlineData(0x4001UL, KernelSignal.CodeTrace)]
    [InlineData(0x1UL, KernelSignal.CodeHardwareBreakpoint)]
    [InlineData(0x0UL, KernelSignal.CodeBreakpoint)]
    public void In_user_mode_it_is_a_SIGTRAP_with_the_reason(ulong causes, int code)
    {
        // Without hw_breakpoint's handler, which swallows hits of registers that nobody has.
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1 });
        KgdbStage stage = inline.Stage;
        inline.Run(async c => await stage.Traps.Debug(c, new KernelRegisters { IsUserMode = true }, Idle | causes));

        Assert.Equal([new KernelSignal(5, code)], stage.Kernel.Tasks[0].Debug.Signals);
        Assert.Equal(causes & 0x4000, stage.Kernel.Tasks[0].Debug.VirtualDr6.Value);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void DR7_is_off_in_the_handler_for_the_kernel_only(bool isKernel, bool expectedOff)
    {
        InlineStage inline = Make(KgdbDefects.Faithful61, out KgdbStage stage);
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null);
        ulong inside = 0;
        Notifiers.Add(stage, "look", int.MaxValue, (_, _) =>
        {
            inside = inline.Cpu.DebugRegisters.Value(7);
            return NotifyResult.Stop;
        });
        inline.Run(async c =>
        {
            await stage.Perf!.RegisterCpu(c, perf);
            await stage.Traps.Debug(c, new KernelRegisters { IsUserMode = !isKernel }, Idle | 0x4008);
        });

        // hw_breakpoint's handler comes first, of equal priority, and passes a step on.
        Assert.Equal(expectedOff ? 0x400UL : 0x10602UL, inside);
        Assert.Equal(0x10602UL, inline.Cpu.DebugRegisters.Value(7));
    }

    [Theory]
    [InlineData(true, 0x10602UL)]
    [InlineData(false, 0x600UL)]
    public void What_the_exit_writes_is_the_saved_or_the_wanted_value(bool isFaithful, ulong expected)
    {
        InlineStage inline = Make(isFaithful ? KgdbDefects.StaleDr7OnExit : KgdbDefects.None, out KgdbStage stage);
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null)
        {
            OverflowHandler = async (c, bp, _) => await stage.Perf!.Cpu(0).Uninstall(c, bp),
        };
        inline.Run(async c =>
        {
            await stage.Perf!.RegisterCpu(c, perf);
            await stage.Traps.Debug(c, new KernelRegisters(), Idle | 1);
        });

        Assert.Equal(expected, inline.Cpu.DebugRegisters.Value(7));
    }

    [Fact]
    public void A_hit_of_perf_s_dismissed_inline_allocates_nothing()
    {
        InlineStage inline = Make(KgdbDefects.None, out KgdbStage stage);
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null);
        KernelRegisters registers = new();
        long allocated = -1;
        inline.Run(async c =>
        {
            await stage.Perf!.RegisterCpu(c, perf);
            for (int i = 0; i < 100; i++)
            {
                await stage.Traps.Debug(c, registers, Idle | 1);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                await stage.Traps.Debug(c, registers, Idle | 1);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(200, perf.Count.Value);
        Assert.Equal(0, allocated);
    }

    private static InlineStage Make(KgdbDefects defects, out KgdbStage stage)
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, defects));
        stage = inline.Stage;
        return inline;
    }
}
