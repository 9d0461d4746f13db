using KgdbSim.Kernel.Tests.Kgdb;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Hosting;
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

    public static TheoryData<ulong, ulong, ulong, bool> Inputs { get; } = AllInputs();

    /// <summary>All that the kernel keeps, the processor's registers and the record of the trap, on the same input.</summary>
    /// <param name="hits">Bits of DR6: 1 counts writes, 2 counts executions, 4 samples writes, 8 samples executions.</param>
    /// <param name="flags">RFLAGS of the interrupted code.</param>
    /// <param name="extra">What DR7 has that the kernel's copy has not.</param>
    /// <param name="isStale">6.1's way out of #DB, which writes back the DR7 of its entry.</param>
    [Theory]
    [MemberData(nameof(Inputs))]
    public void Both_ways_leave_the_same(ulong hits, ulong flags, ulong extra, bool isStale)
    {
        string[] results = new string[2];
        for (int way = 0; way < 2; way++)
        {
            bool isFast = way == 0;
            InlineStage inline = Make(isStale, out PerfBreakpoint[] all, out PerfSamples samples);
            KernelRegisters registers = new() { Ip = Code, Flags = flags };
            inline.Run(async c =>
            {
                foreach (PerfBreakpoint bp in all)
                {
                    Assert.Equal(Errno.None, await inline.Stage.Perf!.RegisterCpu(c, bp));
                }

                inline.Cpu.DebugRegisters.Set(6, Idle | hits);
                inline.Cpu.DebugRegisters.Set(7, inline.Cpu.DebugRegisters.Value(7) | extra);
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
            string[] written = [.. Enumerable.Range(0, samples.Remembered).Select(age => samples.Latest(age).ToString())];
            results[way] = string.Join('\n',
            [
                .. inline.World.SharedObjects.Select(static shared => $"{shared.Name} = {shared.Content}"),
                $"{registers.Ip:x} {registers.Flags:x} {string.Join(' ', written)}",
                $"{latest.Kind} {latest.Cpu} {latest.Ip:x} {latest.Dr6:x} {latest.Consumer} {latest.Verdict} {latest.LookerCount}",
                $"{latest.Looker(0)} {inline.Stage.Traps.Events.Count}",
            ]);
            Assert.Equal("hw_breakpoint", latest.Consumer);
            Assert.Equal(System.Numerics.BitOperations.PopCount(hits >> 2), samples.Remembered);
        }

        Assert.Equal(results[1], results[0]);
    }

    [Fact]
    public void Whatever_else_it_is_takes_the_long_way()
    {
        InlineStage inline = Make(false, out PerfBreakpoint[] all, out _);
        (PerfBreakpoint watch, PerfBreakpoint execute) = (all[0], all[1]);
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
            await watch.Attributes.Write(c, watch.Attributes.Value with { OnlyCounts = false });
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
        InlineStage inline = Make(false, out PerfBreakpoint[] all, out PerfSamples samples);
        KernelRegisters registers = new() { Ip = Code };
        (PerfBreakpoint watch, PerfBreakpoint sampler) = (all[0], all[2]);
        inline.Run(async c =>
        {
            await inline.Stage.Perf!.RegisterCpu(c, watch);
            await inline.Stage.Perf.RegisterCpu(c, sampler);
        });
        inline.Stage.Traps.TryFastDebug(inline.Cpu, registers, Idle | 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            inline.Stage.Traps.TryFastDebug(inline.Cpu, registers, Idle | 3);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((1001, 1001, 1001), (watch.Count.Value, sampler.Count.Value, samples.Count));
    }

    private static TheoryData<ulong, ulong, ulong, bool> AllInputs()
    {
        TheoryData<ulong, ulong, ulong, bool> inputs = [];
        for (ulong hits = 1; hits < 16; hits++)
        {
            inputs.Add(hits, 0x202, 0, false);
            inputs.Add(hits, 0x10202, 0, true);
            inputs.Add(hits, 0x246, 1, false);
            inputs.Add(hits, 0x246, 1, true);
        }

        return inputs;
    }

    /// <summary>In DR0 to DR3 once registered: counted writes, counted executions, sampled writes, sampled executions.</summary>
    private static InlineStage Make(bool isStale, out PerfBreakpoint[] all, out PerfSamples samples)
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, isStale ? KgdbDefects.StaleDr7OnExit : KgdbDefects.None));
        KernelModel kernel = inline.Stage.Kernel;
        samples = new PerfSamples();
        BreakpointAttributes write = new(Watched, 1, BreakpointType.Write);
        BreakpointAttributes execute = new(Code, 8, BreakpointType.Execute);
        all =
        [
            new PerfBreakpoint(kernel, "watch", write with { OnlyCounts = true }, 0, null),
            new PerfBreakpoint(kernel, "execute", execute with { OnlyCounts = true }, 0, null),
            new PerfBreakpoint(kernel, "sampled watch", write, 0, null) { Sampler = samples },
            new PerfBreakpoint(kernel, "sampled execute", execute, 0, null) { Sampler = samples },
        ];
        return inline;
    }
}
