using KgdbSim.Kernel.Tests.Kgdb;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Traps;

/// <summary>The debug exception that is taken inline leaves what the long way leaves.</summary>
public sealed class FastDebugTests
{
    private const ulong Code = 0xFFFF_FFFF_8100_0100;
    private const ulong Watched = 0xFFFF_8880_0000_2000;
    private const ulong Idle = DebugRegisterFile.Dr6Idle;

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Both_ways_leave_the_same(ulong hits)
    {
        string[] results = new string[2];
        for (int way = 0; way < 2; way++)
        {
            bool isFast = way == 0;
            InlineStage inline = Make(out PerfBreakpoint watch, out PerfBreakpoint execute);
            KernelRegisters registers = new() { Ip = Code };
            inline.Run(async c =>
            {
                await inline.Stage.Perf!.RegisterCpu(c, watch);
                await inline.Stage.Perf.RegisterCpu(c, execute);
                inline.Cpu.DebugRegisters.Set(6, Idle | hits);
                if (isFast)
                {
                    Assert.True(inline.Stage.Traps.TryFastDebug(c.Home, registers, Idle | hits));
                }
                else
                {
                    await inline.Stage.Traps.Debug(c, registers, Idle | hits);
                }
            });
            TrapEvent latest = inline.Stage.Traps.Events.Latest(0);
            results[way] = $"{watch.Count.Value} {execute.Count.Value} {registers.Flags:x} {inline.Cpu.DebugRegisters.Value(6):x} "
                + $"{inline.Cpu.DebugRegisters.Value(7):x} {latest.Dr6:x} {latest.Consumer} {latest.Verdict} {latest.LookerCount}";
        }

        Assert.Equal(results[1], results[0]);
        Assert.Equal("hw_breakpoint", results[0].Split(' ')[6]);
    }

    [Fact]
    public void Whatever_else_it_is_takes_the_long_way()
    {
        InlineStage inline = Make(out PerfBreakpoint watch, out PerfBreakpoint execute);
        KgdbStage stage = inline.Stage;
        KernelRegisters registers = new() { Ip = Code };
        inline.Run(async c =>
        {
            await stage.Perf!.RegisterCpu(c, watch);
            await stage.Perf.RegisterCpu(c, execute);
            Assert.False(stage.Traps.TryFastDebug(c.Home, registers, Idle));
            Assert.False(stage.Traps.TryFastDebug(c.Home, registers, Idle | 4));
            Assert.False(stage.Traps.TryFastDebug(c.Home, registers, Idle | 0x4001));
            Assert.False(stage.Traps.TryFastDebug(c.Home, new KernelRegisters { IsUserMode = true }, Idle | 1));
            await c.Home.CurrentDebug.VirtualDr6.Write(c, 1);
            Assert.False(stage.Traps.TryFastDebug(c.Home, registers, Idle | 1));
            await c.Home.CurrentDebug.VirtualDr6.Write(c, 0);
            Assert.True(stage.Traps.TryFastDebug(c.Home, registers, Idle | 1));
            watch.OverflowHandler = static (_, _, _) => default;
            Assert.False(stage.Traps.TryFastDebug(c.Home, registers, Idle | 1));
        });
        Assert.Equal((1, 0), (watch.Count.Value, execute.Count.Value));

        // Somebody before hw_breakpoint would be asked first.
        NotifierBlock<DieArgs> first = new(stage.Kernel, "first", int.MaxValue, static (_, _, _) => ValueTask.FromResult(NotifyResult.Done));
        InlineStage other = new(KgdbStageOptions.Of(1, KgdbDefects.None) with { HasPerfNotifier = false });
        other.Stage.Traps.DieChain.Add(first);
        Assert.False(other.Stage.Traps.TryFastDebug(other.Cpu, registers, Idle | 1));
    }

    [Fact]
    public void It_allocates_nothing()
    {
        InlineStage inline = Make(out PerfBreakpoint watch, out _);
        KernelRegisters registers = new() { Ip = Code };
        inline.Run(async c => await inline.Stage.Perf!.RegisterCpu(c, watch));
        inline.Stage.Traps.TryFastDebug(inline.Cpu, registers, Idle | 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            inline.Stage.Traps.TryFastDebug(inline.Cpu, registers, Idle | 1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001, watch.Count.Value);
    }

    private static InlineStage Make(out PerfBreakpoint watch, out PerfBreakpoint execute)
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, KgdbDefects.None));
        watch = new PerfBreakpoint(inline.Stage.Kernel, "watch", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null);
        execute = new PerfBreakpoint(inline.Stage.Kernel, "execute", new BreakpointAttributes(Code, 8, BreakpointType.Execute), 0, null);
        return inline;
    }
}
